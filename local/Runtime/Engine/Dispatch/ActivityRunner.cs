using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>Runs one activity and words its result as a history event.</summary>
internal sealed class ActivityRunner(
    TaskCatalog catalog, VersionGate versions, DataConverter converter, IServiceScopeFactory scopes, TimeProvider clock, ILogger logger,
    Func<long, string?> findTrace)
{
    public async Task<HistoryEvent> RunAsync(ActivityRow activity)
    {
        HistoryEvent result;
        using var span = EngineTracing.StartActivity(activity, findTrace);
        try
        {
            result = versions.Check(activity.Version) is { } mismatch
                ? Failed(activity, mismatch)
                : await InvokeAsync(activity).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever an activity throws is its result: the orchestrator sees it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.ActivityFailed(activity.Name, activity.InstanceId, e.GetType().Name);
            result = Failed(activity, new FailureDetails(e));
        }

        EngineTracing.Finish(span, result);
        result.Timestamp = clock.GetUtcNow().UtcDateTime;
        return result;
    }

    private async Task<HistoryEvent> InvokeAsync(ActivityRow activity)
    {
        if (catalog.FindActivity(activity.Name, activity.Version) is not { } factory)
        {
            var at = string.IsNullOrEmpty(activity.Version) ? string.Empty : $" with version '{activity.Version}'";
            return Failed(activity, new FailureDetails(
                "ActivityTaskNotFound", $"No activity task named '{activity.Name}'{at} was found.", null, null, isNonRetriable: true));
        }

        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var implementation = factory(scope.ServiceProvider);
            var input = converter.Deserialize(Unwrap(activity.Input), implementation.InputType);
            logger.ActivityStarted(activity.Name, activity.InstanceId);
            var output = await implementation.RunAsync(new Context(activity), input).ConfigureAwait(false);
            return new TaskCompletedEvent(-1, activity.Step, converter.Serialize(output));
        }
    }

    /// <summary>The orchestrator's side writes the input as the only element of an array.</summary>
    private static string? Unwrap(string? input) => input is ['[', .. var only, ']'] ? only : input;

    private static TaskFailedEvent Failed(ActivityRow activity, FailureDetails failure) => new(-1, activity.Step, null, null, failure);

    private sealed class Context(ActivityRow activity) : TaskActivityContext
    {
        public override TaskName Name { get; } = new(activity.Name);

        public override string InstanceId => activity.InstanceId;

        public override string Version => activity.Version;
    }
}
