using Microsoft.DurableTask.Abstractions;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace Microsoft.DurableTask;

/// <summary>
/// What an orchestrator works with. Everything it awaits comes from here; awaiting anything else is not recorded, cannot be replayed, and
/// fails the orchestration.
/// </summary>
public abstract class TaskOrchestrationContext
{
    private ILoggerFactory? _replaySafeLoggerFactory;

    /// <summary>Name of the orchestrator.</summary>
    public abstract TaskName Name { get; }

    /// <summary>Id of the instance.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The orchestration that called this one; <see langword="null"/> when a client started it.</summary>
    public abstract ParentOrchestrationInstance? Parent { get; }

    /// <summary>Time of the current turn, the same on every replay. It does not move while the orchestrator runs.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>Whether the code currently repeats steps that were already taken. For skipping side effects such as logging only.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>Version the instance was started at; empty when unversioned.</summary>
    public virtual string Version => string.Empty;

    /// <summary>Configuration handed to the orchestration by the host.</summary>
    public virtual IReadOnlyDictionary<string, object?> Properties { get; } = new Dictionary<string, object?>();

    /// <summary>Durable entities.</summary>
    /// <exception cref="NotSupportedException">The runtime has no entities.</exception>
    public virtual TaskOrchestrationEntityFeature Entities =>
        throw new NotSupportedException($"Durable entities are not supported by {GetType()}.");

    /// <summary>A logger factory whose loggers are silent while the code replays.</summary>
    public virtual ILoggerFactory ReplaySafeLoggerFactory => _replaySafeLoggerFactory ??= new ReplaySafeLoggers(this, () => LoggerFactory);

    /// <summary>The host's logger factory.</summary>
    protected abstract ILoggerFactory LoggerFactory { get; }

    /// <summary>The input of the instance.</summary>
    /// <typeparam name="T">Type the orchestrator declares as its input.</typeparam>
    public abstract T? GetInput<T>();

    /// <inheritdoc cref="CallActivityAsync{TResult}(TaskName, object?, TaskOptions?)"/>
    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    /// <inheritdoc cref="CallActivityAsync{TResult}(TaskName, object?, TaskOptions?)"/>
    public virtual Task CallActivityAsync(TaskName name, TaskOptions options) => CallActivityAsync(name, null, options);

    /// <inheritdoc cref="CallActivityAsync{TResult}(TaskName, object?, TaskOptions?)"/>
    public virtual Task<TResult> CallActivityAsync<TResult>(TaskName name, TaskOptions options) =>
        CallActivityAsync<TResult>(name, null, options);

    /// <summary>Schedules an activity, which runs at least once, and gives its result.</summary>
    /// <typeparam name="TResult">Type the result is read as.</typeparam>
    /// <param name="name">Name of the activity.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Retry, tags, version.</param>
    /// <exception cref="TaskFailedException">The activity threw, or there is none of that name (thrown where the task is awaited).</exception>
    /// <exception cref="ArgumentException">Options were given where the input belongs.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    /// <summary>Creates a durable timer.</summary>
    /// <param name="delay">How long from <see cref="CurrentUtcDateTime"/>.</param>
    /// <param name="cancellationToken">Cancels it. An orchestration does not end while a timer is neither fired nor cancelled.</param>
    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>Creates a durable timer.</summary>
    /// <param name="fireAt">When it fires; a local time is converted to UTC.</param>
    /// <param name="cancellationToken">Cancels it. An orchestration does not end while a timer is neither fired nor cancelled.</param>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>Waits for an external event. Events that come before the wait are kept, in order, until one is waited for.</summary>
    /// <typeparam name="T">Type the payload is read as; all waits for one name use the same type.</typeparam>
    /// <param name="eventName">Name of the event, without regard to case.</param>
    /// <param name="cancellationToken">
    /// Ends the wait. An event that arrives afterwards is still taken by the ended wait and is lost: race the wait against a timer and keep it,
    /// instead of cancelling it (DESIGN 4.1).
    /// </param>
    /// <remarks>Of several waits for one name the latest gets the next event.</remarks>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="WaitForExternalEvent{T}(string, TimeSpan, CancellationToken)"/>
    public Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout) =>
        WaitForExternalEvent<T>(eventName, timeout, CancellationToken.None);

    /// <summary>Waits for an external event for a limited time.</summary>
    /// <typeparam name="T">Type the payload is read as.</typeparam>
    /// <param name="eventName">Name of the event, without regard to case.</param>
    /// <param name="timeout">How long to wait, measured by a durable timer.</param>
    /// <param name="cancellationToken">Ends the wait earlier.</param>
    /// <exception cref="OperationCanceledException">The time is up. The ended wait still takes the next event of that name.</exception>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource();
        var timedOut = CreateTimer(timeout, timer.Token);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var received = WaitForExternalEvent<T>(eventName, wait.Token);

        var loser = await Task.WhenAny(timedOut, received) == received ? timer : wait;
#pragma warning disable CA1849 // An asynchronous cancellation would leave the orchestrator's thread.
        loser.Cancel();
#pragma warning restore CA1849
        return await received;
    }

    /// <summary>Sends an event to another instance without waiting for it to arrive. An unknown or ended instance drops it.</summary>
    /// <param name="instanceId">The receiver.</param>
    /// <param name="eventName">Name of the event.</param>
    /// <param name="payload">Its payload.</param>
    public abstract void SendEvent(string instanceId, string eventName, object payload);

    /// <summary>Sets what a client sees as the custom status; written with the current turn.</summary>
    /// <param name="customStatus">The status, or <see langword="null"/> to clear it.</param>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Starts a sub-orchestration and gives its result.</summary>
    /// <typeparam name="TResult">Type the result is read as.</typeparam>
    /// <param name="orchestratorName">Name of the orchestrator.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Retry, version, and with <see cref="SubOrchestrationOptions"/> the instance id.</param>
    /// <exception cref="TaskFailedException">The sub-orchestration failed (thrown where the task is awaited).</exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null);

    /// <inheritdoc cref="CallSubOrchestratorAsync{TResult}(TaskName, object?, TaskOptions?)"/>
    public virtual Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync<TResult>(orchestratorName, null, options);

    /// <inheritdoc cref="CallSubOrchestratorAsync{TResult}(TaskName, object?, TaskOptions?)"/>
    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync(orchestratorName, null, options);

    /// <inheritdoc cref="CallSubOrchestratorAsync{TResult}(TaskName, object?, TaskOptions?)"/>
    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        CallSubOrchestratorAsync<object>(orchestratorName, input, options);

    /// <summary>Starts the orchestration over with an empty history once the orchestrator returns; its result is then ignored.</summary>
    /// <param name="newInput">Input of the new run.</param>
    /// <param name="preserveUnprocessedEvents">Whether events that arrived but were not waited for go with it.</param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <inheritdoc cref="ContinueAsNew(object?, bool)"/>
    /// <param name="options">Input, events, version.</param>
    public virtual void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ContinueAsNew(options.NewInput, options.PreserveUnprocessedEvents);
    }

    /// <summary>A new id, the same on every replay.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that is silent while the code replays.</summary>
    /// <param name="categoryName">Its category.</param>
    public virtual ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(this, ReplaySafeLoggers.Unwrap(LoggerFactory).CreateLogger(categoryName));

    /// <inheritdoc cref="CreateReplaySafeLogger(string)"/>
    /// <param name="type">The type whose name is the category.</param>
    public virtual ILogger CreateReplaySafeLogger(Type type) =>
        new ReplaySafeLogger(this, ReplaySafeLoggers.Unwrap(LoggerFactory).CreateLogger(type));

    /// <inheritdoc cref="CreateReplaySafeLogger(string)"/>
    /// <typeparam name="T">The type whose name is the category.</typeparam>
    public virtual ILogger CreateReplaySafeLogger<T>() =>
        new ReplaySafeLogger(this, ReplaySafeLoggers.Unwrap(LoggerFactory).CreateLogger<T>());

    /// <summary>Compares the version of the instance with another; by numbers if both are such versions, else as text.</summary>
    /// <param name="version">The other version.</param>
    /// <returns>Negative when the instance is older, 0 when the same, positive when newer. Unversioned is older than any version.</returns>
    public virtual int CompareVersionTo(string version) => TaskOrchestrationVersioningUtils.CompareVersions(Version, version);
}
