using System.Diagnostics;
using DurableTask.Core.History;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine;

/// <summary>
/// Spans of the engine, under the source and the names that the published packages use: the start of an orchestration in the caller's trace, and
/// each activity below it, however much later and in which process it runs. Costs nothing while nobody listens.
/// </summary>
internal static class EngineTracing
{
    private static readonly ActivitySource _source = new("Microsoft.DurableTask");

    public static Activity? StartCreation(string orchestrator, string instanceId)
    {
        var span = _source.StartActivity($"create_orchestration:{orchestrator}", ActivityKind.Producer);
        return Describe(span, "orchestration", orchestrator, instanceId);
    }

    public static Activity? StartActivity(ActivityRow row, Func<long, string?> findTrace)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(findTrace(row.Key), null, isRemote: true, out var parent);
        var span = _source.StartActivity($"activity:{row.Name}", ActivityKind.Server, parent);
        return Describe(span, "activity", row.Name, row.InstanceId)?.SetTag("durabletask.task.task_id", row.Step);
    }

    /// <summary>Notes whether the activity worked; its message stays out, since it may quote anything.</summary>
    public static void Finish(Activity? span, HistoryEvent result)
    {
        if (result is TaskFailedEvent failed)
        {
            span?.SetStatus(ActivityStatusCode.Error, failed.FailureDetails?.ErrorType);
        }
    }

    private static Activity? Describe(Activity? span, string type, string name, string instanceId) => span?
        .SetTag("durabletask.type", type)
        .SetTag("durabletask.task.name", name)
        .SetTag("durabletask.task.instance_id", instanceId);
}
