using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>What is fixed for one run of an instance.</summary>
internal sealed record RunHeader(
    long InstanceKey,
    string InstanceId,
    string Name,
    string Version,
    int Generation,
    string? Input,
    ParentLink? Parent,
    IReadOnlyDictionary<string, string>? Tags);

/// <summary>The calling orchestration, and where its answer goes.</summary>
internal sealed record ParentLink(long InstanceKey, int Generation, int StepId, string InstanceId, string Name);

/// <summary>What executions share.</summary>
internal sealed record ReplaySettings(
    DataConverter Converter,
    TimeSpan MaximumTimerInterval,
    string DefaultVersion,
    ILoggerFactory Loggers,
    IReadOnlyDictionary<string, object?> Properties);
