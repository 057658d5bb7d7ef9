using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker.Shims;

namespace DurableTask.Testing;

/// <summary>Puts today's orchestrators through histories that were recorded with yesterday's.</summary>
public static class Replay
{
    /// <summary>
    /// Replays a history to its end: turn by turn, the orchestrator has to take the steps that were recorded, and no others.
    /// </summary>
    /// <param name="history">An orchestration that ended.</param>
    /// <param name="registry">Registers the orchestrator.</param>
    /// <exception cref="NonDeterministicOrchestrationException">The orchestrator takes other steps than those recorded.</exception>
    public static void Run(RecordedHistory history, Action<DurableTaskRegistry> registry)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(registry);
        var tasks = new DurableTaskRegistry();
        registry(tasks);
        var orchestrator = tasks.GetOrchestrators().Single(each => each.Key == new TaskName(history.Name)).Value(NoServices.Instance);
        var events = history.Events.Where(e => e is not ExecutionCompletedEvent).Select(e => Started(e, history)).ToList();
        var lastTurn = events.FindLastIndex(e => e is OrchestratorStartedEvent);
        var state = new OrchestrationRuntimeState([.. events.Take(lastTurn)]);
        foreach (var e in events.Skip(lastTurn))
            state.AddEvent(e);

        var shim = DurableTaskShimFactory.Default.CreateOrchestration(history.Name, orchestrator);
        var executor = new TaskOrchestrationExecutor(
            state, shim, BehaviorOnContinueAsNew.Carryover, entityParameters: null, ErrorPropagationMode.UseFailureDetails);
        var actions = executor.Execute().Actions.ToList();
        if (actions is not [OrchestrationCompleteOrchestratorAction { OrchestrationStatus: OrchestrationStatus.Completed }])
        {
            var failure = actions.OfType<OrchestrationCompleteOrchestratorAction>().FirstOrDefault()?.FailureDetails;
            var why = failure?.ErrorMessage ?? string.Join(", ", actions.Select(Name));
            throw new NonDeterministicOrchestrationException($"'{history.InstanceId}' had ended; replayed, it does not: {why}.");
        }
    }

    private static HistoryEvent Started(HistoryEvent e, RecordedHistory history)
    {
        if (e is not ExecutionStartedEvent started)
            return e;

        return new ExecutionStartedEvent(started.EventId, history.Input)
        {
            Name = history.Name,
            Version = started.Version,
            OrchestrationInstance = new OrchestrationInstance { InstanceId = history.InstanceId, ExecutionId = "recorded" },
            Timestamp = started.Timestamp,
        };
    }

    private static string Name(OrchestratorAction action) => action switch
    {
        ScheduleTaskOrchestratorAction task => $"it calls activity '{task.Name}'",
        CreateTimerOrchestratorAction timer => $"it sets a timer for {timer.FireAt:O}",
        _ => $"it takes a step of kind {action.OrchestratorActionType}",
    };

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
