namespace Microsoft.DurableTask.Client;

/// <summary>Which orchestrations a query gives.</summary>
/// <param name="CreatedFrom">Created at or after.</param>
/// <param name="CreatedTo">Created at or before.</param>
/// <param name="Statuses">In one of these statuses; any status when left out or empty.</param>
/// <param name="TaskHubNames">Ignored: a database is one task hub.</param>
/// <param name="InstanceIdPrefix">Whose id starts so.</param>
/// <param name="PageSize">Orchestrations per page.</param>
/// <param name="FetchInputsAndOutputs">Whether to give inputs, outputs and custom status.</param>
/// <param name="ContinuationToken">Where to go on, from <see cref="Page{T}.ContinuationToken"/>.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    /// <summary>Orchestrations per page unless told otherwise.</summary>
    public const int DefaultPageSize = 100;
}

/// <summary>How one orchestration is ended.</summary>
/// <param name="Output">Becomes its output.</param>
/// <param name="Recursive">Whether its sub-orchestrations are ended too.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

/// <summary>How orchestrations are purged.</summary>
/// <param name="Recursive">Whether sub-orchestrations are purged too.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>Which orchestrations are purged. Those that have not ended are left alone.</summary>
/// <param name="CreatedFrom">Created at or after.</param>
/// <param name="CreatedTo">Created at or before.</param>
/// <param name="Statuses">In one of these statuses; any ended one when left out or empty.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>Stop after this time with what was done; positive. No limit when left out.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>What a purge did.</summary>
public class PurgeResult
{
    /// <summary>Creates a result.</summary>
    /// <param name="count">Orchestrations purged.</param>
    public PurgeResult(int count)
    {
        if (count < 0)
        {
            throw new ArgumentException("A count cannot be negative.", nameof(count));
        }

        PurgedInstanceCount = count;
    }

    /// <summary>Creates a result.</summary>
    /// <param name="count">Orchestrations purged.</param>
    /// <param name="isComplete">Whether nothing that matched is left.</param>
    public PurgeResult(int count, bool? isComplete)
        : this(count)
    {
        IsComplete = isComplete;
    }

    /// <summary>Orchestrations purged.</summary>
    public int PurgedInstanceCount { get; }

    /// <summary>Whether nothing that matched is left; <see langword="null"/> when not known.</summary>
    public bool? IsComplete { get; }
}

/// <summary>Makes start options.</summary>
public static class StartOrchestrationOptionsExtensions
{
    /// <summary>The statuses in which an existing instance can make a start fail.</summary>
    public static readonly IReadOnlyList<OrchestrationRuntimeStatus> ValidDedupeStatuses =
    [
        OrchestrationRuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated,
#pragma warning disable CS0618 // The published list has it, though nothing is ever in that status.
        OrchestrationRuntimeStatus.Canceled,
#pragma warning restore CS0618
        OrchestrationRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended,
    ];

    /// <summary>The same options with the statuses in which an existing instance makes the start fail.</summary>
    /// <param name="options">The options.</param>
    /// <param name="dedupeStatuses">The statuses.</param>
    public static StartOrchestrationOptions WithDedupeStatuses(
        this StartOrchestrationOptions options, params OrchestrationRuntimeStatus[] dedupeStatuses)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { DedupeStatuses = [.. dedupeStatuses.Select(status => status.ToString())] };
    }
}
