using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Local.Runtime.Engine.Dispatch;
using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace OmsWorkflows.Functions.Tests.Recorded;

/// <summary>Puts today's code through a history of some released version.</summary>
internal static class Replayer
{
    /// <exception cref="NonDeterministicOrchestrationException">The code takes other steps than those recorded.</exception>
    public static void Replay(RecordedHistory history, Action<DurableTaskRegistry> orchestrators)
    {
        var registry = new DurableTaskRegistry();
        orchestrators(registry);
        using var services = new ServiceCollection().BuildServiceProvider();
        var orchestrator = new TaskCatalog(registry).FindOrchestrator(history.Name, "")!(services);
        var header = new RunHeader(1, history.InstanceId, history.Name, "", 0, history.Input, null, null);
        var settings = new ReplaySettings(
            JsonDataConverter.Default, TimeSpan.FromDays(3), "", NullLoggerFactory.Instance, new Dictionary<string, object?>());
        var foreign = false;
        var execution = new Execution(header, orchestrator, settings, _ => foreign = true);
        execution.Replay(history.Events);
        var next = execution.Run([]);
        foreign.Should().BeFalse("an orchestrator stays on its own thread");
        next.Steps.Should().BeEmpty("a run that had ended takes no further steps");
        next.End!.Status.ToString().Should().Be("Completed", "{0}", next.End.Failure?.ErrorMessage);
    }
}
