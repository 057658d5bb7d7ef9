using System.ComponentModel;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Internal;

namespace Microsoft.DurableTask.Client;

/// <summary>Starts, reads and steers orchestrations.</summary>
public abstract class DurableTaskClient : IOrchestrationSubmitter, IAsyncDisposable
{
    /// <summary>Creates a client.</summary>
    /// <param name="name">Its name.</param>
    protected DurableTaskClient(string name)
    {
        Name = name;
    }

    /// <summary>Name of the client.</summary>
    public string Name { get; }

    /// <summary>Durable entities.</summary>
    /// <exception cref="NotSupportedException">The runtime has no entities.</exception>
    public virtual DurableEntityClient Entities => throw NotSupported("durable entities");

    /// <inheritdoc cref="ScheduleNewOrchestrationInstanceAsync(TaskName, object?, StartOrchestrationOptions?, CancellationToken)"/>
    public virtual Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, CancellationToken cancellation) =>
        ScheduleNewOrchestrationInstanceAsync(orchestratorName, null, null, cancellation);

    /// <inheritdoc cref="ScheduleNewOrchestrationInstanceAsync(TaskName, object?, StartOrchestrationOptions?, CancellationToken)"/>
    public virtual Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input, CancellationToken cancellation) =>
        ScheduleNewOrchestrationInstanceAsync(orchestratorName, input, null, cancellation);

    /// <inheritdoc cref="ScheduleNewOrchestrationInstanceAsync(TaskName, object?, StartOrchestrationOptions?, CancellationToken)"/>
    public virtual Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, StartOrchestrationOptions options, CancellationToken cancellation = default) =>
        ScheduleNewOrchestrationInstanceAsync(orchestratorName, null, options, cancellation);

    /// <summary>Starts an orchestration. It is stored when the task completes; it runs soon after.</summary>
    /// <param name="orchestratorName">Name of the orchestrator. A name nobody registered fails the instance, not the call.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Id, start time, tags, version, what becomes of an existing instance.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <returns>Id of the instance.</returns>
    /// <exception cref="global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException">
    /// An instance of that id is in one of the de-duplication statuses.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A de-duplication status is not a status, or <c>Terminated</c> is one and a status of the unfinished is not.
    /// </exception>
    public abstract Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default);

    /// <inheritdoc cref="RaiseEventAsync(string, string, object?, CancellationToken)"/>
    public virtual Task RaiseEventAsync(string instanceId, string eventName, CancellationToken cancellation) =>
        RaiseEventAsync(instanceId, eventName, null, cancellation);

    /// <summary>Sends an event to an orchestration. It is stored when the task completes; an unknown or ended instance drops it.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="eventName">Name of the event, without regard to case.</param>
    /// <param name="eventPayload">Its payload.</param>
    /// <param name="cancellation">Gives up the request.</param>
    public abstract Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default);

    /// <inheritdoc cref="WaitForInstanceStartAsync(string, bool, CancellationToken)"/>
    public virtual Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, CancellationToken cancellation) =>
        WaitForInstanceStartAsync(instanceId, false, cancellation);

    /// <summary>Waits until an orchestration has left the pending status.</summary>
    /// <param name="instanceId">The orchestration; it may be created later.</param>
    /// <param name="getInputsAndOutputs">Whether to give input, output and custom status.</param>
    /// <param name="cancellation">Gives up the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public abstract Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <inheritdoc cref="WaitForInstanceCompletionAsync(string, bool, CancellationToken)"/>
    public virtual Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, CancellationToken cancellation) =>
        WaitForInstanceCompletionAsync(instanceId, false, cancellation);

    /// <summary>Waits until an orchestration has ended.</summary>
    /// <param name="instanceId">The orchestration; it may be created later.</param>
    /// <param name="getInputsAndOutputs">Whether to give input, output and custom status.</param>
    /// <param name="cancellation">Gives up the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public abstract Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <inheritdoc cref="TerminateInstanceAsync(string, TerminateInstanceOptions?, CancellationToken)"/>
    public virtual Task TerminateInstanceAsync(string instanceId, CancellationToken cancellation) =>
        TerminateInstanceAsync(instanceId, null, cancellation);

    /// <inheritdoc cref="TerminateInstanceAsync(string, TerminateInstanceOptions?, CancellationToken)"/>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="output">Becomes its output.</param>
    /// <param name="cancellation">Gives up the request.</param>
    public virtual Task TerminateInstanceAsync(string instanceId, object? output, CancellationToken cancellation = default) =>
        TerminateInstanceAsync(instanceId, output is null ? null : new TerminateInstanceOptions(output), cancellation);

    /// <summary>Ends an orchestration. Activities that run go on; their results are ignored.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="options">Output, and whether sub-orchestrations end too.</param>
    /// <param name="cancellation">Gives up the request.</param>
    public virtual Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        throw NotSupported("orchestration termination");

    /// <inheritdoc cref="SuspendInstanceAsync(string, string?, CancellationToken)"/>
    public virtual Task SuspendInstanceAsync(string instanceId, CancellationToken cancellation) =>
        SuspendInstanceAsync(instanceId, null, cancellation);

    /// <summary>Halts an orchestration. What arrives meanwhile is kept and handled when it is resumed.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="reason">Why; kept in the history.</param>
    /// <param name="cancellation">Gives up the request.</param>
    public abstract Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <inheritdoc cref="ResumeInstanceAsync(string, string?, CancellationToken)"/>
    public virtual Task ResumeInstanceAsync(string instanceId, CancellationToken cancellation) =>
        ResumeInstanceAsync(instanceId, null, cancellation);

    /// <summary>Lets a halted orchestration go on.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="reason">Why; kept in the history.</param>
    /// <param name="cancellation">Gives up the request.</param>
    public abstract Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <inheritdoc cref="GetInstanceAsync(string, bool, CancellationToken)"/>
    public virtual Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, CancellationToken cancellation) =>
        GetInstanceAsync(instanceId, false, cancellation);

    /// <summary>Reads an orchestration.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="getInputsAndOutputs">Whether to give input, output and custom status.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <returns>The orchestration, or <see langword="null"/> when there is none of that id.</returns>
    public virtual Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation);

    /// <inheritdoc cref="GetInstanceAsync(string, bool, CancellationToken)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public virtual Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, CancellationToken cancellation) =>
        GetInstancesAsync(instanceId, false, cancellation);

    /// <inheritdoc cref="GetInstanceAsync(string, bool, CancellationToken)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public abstract Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Finds orchestrations.</summary>
    /// <param name="filter">Which; all when left out.</param>
    public abstract AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null);

    /// <inheritdoc cref="PurgeInstanceAsync(string, PurgeInstanceOptions?, CancellationToken)"/>
    public virtual Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellation) =>
        PurgeInstanceAsync(instanceId, null, cancellation);

    /// <summary>Removes an ended orchestration with its history.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="options">Whether sub-orchestrations go too.</param>
    /// <param name="cancellation">Gives up the request.</param>
    public virtual Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        throw NotSupported("purging of orchestration instances");

    /// <inheritdoc cref="PurgeAllInstancesAsync(PurgeInstancesFilter, PurgeInstanceOptions?, CancellationToken)"/>
    public virtual Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, CancellationToken cancellation) =>
        PurgeAllInstancesAsync(filter, null, cancellation);

    /// <summary>Removes ended orchestrations with their history.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="options">Whether sub-orchestrations go too.</param>
    /// <param name="cancellation">Gives up the request.</param>
    public virtual Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        throw NotSupported("purging of orchestration instances");

    /// <summary>Starts an ended orchestration again with the same name and input.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="restartWithNewInstanceId">Whether to keep the old one and start a copy.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <returns>Id of the new run.</returns>
    /// <exception cref="ArgumentException">There is no instance of that id.</exception>
    /// <exception cref="InvalidOperationException">The instance has not ended.</exception>
    public virtual Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default) =>
        throw NotSupported("orchestration restart");

    /// <summary>Rewinds a failed orchestration to its last success.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <exception cref="NotSupportedException">The runtime cannot rewind.</exception>
    public virtual Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default) =>
        throw NotSupported("orchestration rewind");

    /// <summary>Reads the history of an orchestration.</summary>
    /// <param name="instanceId">The orchestration.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <exception cref="ArgumentException">There is no instance of that id.</exception>
    public virtual Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        throw NotSupported("retrieving orchestration history");

    /// <summary>Lists the ids of ended orchestrations by when they ended.</summary>
    /// <param name="runtimeStatus">In one of these statuses; any ended one when left out.</param>
    /// <param name="completedTimeFrom">Ended at or after.</param>
    /// <param name="completedTimeTo">Ended at or before.</param>
    /// <param name="pageSize">Ids per page.</param>
    /// <param name="lastInstanceKey">Where to go on, from <see cref="Page{T}.ContinuationToken"/>.</param>
    /// <param name="cancellation">Gives up the request.</param>
    public virtual Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default) =>
        throw NotSupported("listing orchestration instance IDs filtered by completed time");

    /// <summary>Releases the client.</summary>
#pragma warning disable CA1816 // Derived clients decide whether they have a finalizer.
    public abstract ValueTask DisposeAsync();
#pragma warning restore CA1816

    private NotSupportedException NotSupported(string what) => new($"{GetType()} does not support {what}.");
}
