using System.Collections.Immutable;

namespace Microsoft.DurableTask;

/// <summary>How a new orchestration is started by a client.</summary>
public record StartOrchestrationOptions
{
    /// <summary>Creates options.</summary>
    /// <param name="InstanceId">Id of the instance; a random one is made when left out.</param>
    /// <param name="StartAt">Not before this moment; at once when left out or past.</param>
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    /// <summary>Copies options.</summary>
    /// <param name="options">What to copy.</param>
    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    /// <summary>Id of the instance.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Not before this moment.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Key-value pairs kept with the instance.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary.Create<string, string>();

    /// <summary>Version to start; left out, the client's default version.</summary>
    public TaskVersion? Version { get; init; }

    /// <summary>
    /// Names of the runtime statuses in which an existing instance with the same id makes the start fail. In any other status the existing
    /// instance is replaced. Left out, the back end decides: here an instance that has not finished makes the start fail.
    /// </summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
