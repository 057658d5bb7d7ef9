namespace Microsoft.DurableTask;

/// <summary>How one activity or sub-orchestration call is made.</summary>
public record TaskOptions
{
    /// <summary>Creates options with a retry rule.</summary>
    /// <param name="retry">When to try again, or <see langword="null"/> for one attempt.</param>
    public TaskOptions(TaskRetryOptions? retry)
        : this(retry, null)
    {
    }

    /// <summary>Creates options with a retry rule and tags.</summary>
    /// <param name="retry">When to try again, or <see langword="null"/> for one attempt.</param>
    /// <param name="tags">Key-value pairs recorded with the task.</param>
    public TaskOptions(TaskRetryOptions? retry = null, IDictionary<string, string>? tags = null)
    {
        Retry = retry;
        Tags = tags;
    }

    /// <summary>Copies options.</summary>
    /// <param name="options">What to copy.</param>
    public TaskOptions(TaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Retry = options.Retry;
        Tags = options.Tags;
        Version = options.Version;
    }

    /// <summary>When to try again; <see langword="null"/> for one attempt.</summary>
    public TaskRetryOptions? Retry { get; init; }

    /// <summary>Key-value pairs recorded with the task.</summary>
    public IDictionary<string, string>? Tags { get; init; }

    /// <summary>
    /// Version to run. Left out, an activity runs at the version of its orchestration, a sub-orchestration at the default version.
    /// </summary>
    public TaskVersion? Version { get; init; }

    /// <summary>Options that retry by a policy.</summary>
    /// <param name="policy">The policy.</param>
    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(policy);

    /// <summary>Options that retry when an asynchronous handler says so.</summary>
    /// <param name="handler">The handler; it runs as orchestrator code.</param>
    public static TaskOptions FromRetryHandler(AsyncRetryHandler handler) => new(handler);

    /// <summary>Options that retry when a handler says so.</summary>
    /// <param name="handler">The handler; it runs as orchestrator code.</param>
    public static TaskOptions FromRetryHandler(RetryHandler handler) => new(handler);

    /// <summary>The same options for a sub-orchestration with a chosen instance id.</summary>
    /// <param name="instanceId">The id.</param>
    public SubOrchestrationOptions WithInstanceId(string instanceId) => new(this, instanceId);
}

/// <summary>How one sub-orchestration call is made.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    /// <summary>Creates options.</summary>
    /// <param name="retry">When to try again, or <see langword="null"/> for one attempt.</param>
    /// <param name="instanceId">Id of the sub-orchestration; a deterministic one is made when left out.</param>
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null)
        : base(retry)
    {
        InstanceId = instanceId;
    }

    /// <summary>Copies options and chooses the instance id.</summary>
    /// <param name="options">What to copy.</param>
    /// <param name="instanceId">Id of the sub-orchestration; left out, the id of <paramref name="options"/> if it has one.</param>
    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null)
        : base(options)
    {
        InstanceId = instanceId ?? (options as SubOrchestrationOptions)?.InstanceId;
    }

    /// <summary>Copies options.</summary>
    /// <param name="options">What to copy.</param>
    public SubOrchestrationOptions(SubOrchestrationOptions options)
        : base(options)
    {
        InstanceId = options.InstanceId;
    }

    /// <summary>Id of the sub-orchestration.</summary>
    public string? InstanceId { get; init; }

    /// <inheritdoc cref="TaskOptions.Version"/>
    public new TaskVersion? Version
    {
        get => base.Version;
        init => base.Version = value;
    }
}
