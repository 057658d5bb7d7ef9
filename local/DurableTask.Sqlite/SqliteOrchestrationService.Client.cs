using System.Diagnostics;
using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using DurableTask.Core.Tracing;
using DurableTask.Sqlite.Storage;
using Newtonsoft.Json;

namespace DurableTask.Sqlite;

/// <content>What clients ask for.</content>
public sealed partial class SqliteOrchestrationService
    : IOrchestrationServiceClient, IOrchestrationServiceQueryClient, IOrchestrationServicePurgeClient
{
    private const int PurgePage = 200;

    /// <summary>Starts an orchestration. An ended one of the same id is replaced, one that has not ended refuses.</summary>
    /// <exception cref="Core.Exceptions.OrchestrationAlreadyExistsException">One of the id has not ended.</exception>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage)
        => CreateTaskOrchestrationAsync(creationMessage, TurnCommit.NotEnded);

    /// <summary>Starts an orchestration. One of the same id is replaced, unless its status is among those given.</summary>
    /// <exception cref="Core.Exceptions.OrchestrationAlreadyExistsException">One of the id is in such a status.</exception>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage, OrchestrationStatus[]? dedupeStatuses)
    {
        ArgumentNullException.ThrowIfNull(creationMessage);
        var now = Stamp([creationMessage]);
        return Store.Writer.WriteAsync(
            (db, effects) => db.Create(creationMessage, null, dedupeStatuses ?? TurnCommit.NotEnded, now, effects));
    }

    /// <summary>Sends an event, or a request to suspend, resume or terminate. What reaches no instance that runs is dropped.</summary>
    public Task SendTaskOrchestrationMessageAsync(TaskMessage message) => SendTaskOrchestrationMessageBatchAsync(message);

    /// <inheritdoc cref="SendTaskOrchestrationMessageAsync"/>
    public Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages)
    {
        if (Array.Find(messages, message => message.OrchestrationInstance.InstanceId.StartsWith('@')) is { } signal)
        {
            throw new NotSupportedException(
                $"The sqlite provider does not run entities; a signal was sent to '{signal.OrchestrationInstance.InstanceId}'.");
        }

        Stamp(messages);
        return Store.Writer.WriteAsync((db, effects) => Array.ForEach(messages, message => db.Deliver(message, effects)));
    }

    /// <summary>Waits, without polling, until an instance has ended.</summary>
    /// <param name="instanceId">The instance; it may not exist yet.</param>
    /// <param name="executionId">Not looked at: an instance keeps its id when it continues as new.</param>
    /// <param name="timeout">How long the caller waits, by the machine's clock.</param>
    /// <param name="cancellationToken">Ends the wait with an exception.</param>
    /// <returns>Its state; <see langword="null"/> when the time is over.</returns>
    public async Task<OrchestrationState?> WaitForOrchestrationAsync(
        string instanceId, string? executionId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout >= TimeSpan.Zero && timeout.TotalMilliseconds < int.MaxValue)
            limit.CancelAfter(timeout);

        try
        {
            return await Store.Waiters.WaitForAsync(
                instanceId,
                () => FindState(instanceId, true) is { } state && state.OrchestrationStatus.HasEnded() ? state : null,
                limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Ends an instance at its next turn, whatever it waits for. Its sub-orchestrations go on.</summary>
    public Task ForceTerminateTaskOrchestrationAsync(string instanceId, string? reason)
        => TerminateAsync(instanceId, reason, recursive: false);

    /// <summary>Ends an instance at its next turn, and if asked to the sub-orchestrations it has started.</summary>
    public Task TerminateAsync(string instanceId, string? reason, bool recursive)
        => SendTaskOrchestrationMessageAsync(TurnCommit.Terminate(instanceId, reason, recursive, _clock.GetUtcNow().UtcDateTime));

    /// <summary>Runs a failed instance again from where it failed; its failed sub-orchestrations go back likewise.</summary>
    /// <exception cref="InvalidOperationException">There is no such instance, or it has not failed.</exception>
    public async Task RewindAsync(string instanceId, string? reason)
    {
        var state = Store.Reader.FindInstance(instanceId, withData: false);
        if (state?.OrchestrationStatus != OrchestrationStatus.Failed)
        {
            throw new InvalidOperationException(state is null
                ? $"There is no instance '{instanceId}' to rewind."
                : $"Instance '{instanceId}' is {state.OrchestrationStatus}; only one that failed can be rewound.");
        }

        await SendTaskOrchestrationMessageAsync(new TaskMessage
        {
            OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId },
            Event = new ExecutionRewoundEvent(-1, reason)
            {
                // The framework takes it for granted that there is a trace to go back into.
                ParentTraceContext = GetHistory(instanceId)?.OfType<ExecutionStartedEvent>().FirstOrDefault()?.ParentTraceContext
                    ?? new DistributedTraceContext($"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00"),
            },
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IList<OrchestrationState>> GetOrchestrationStateAsync(string instanceId, bool allExecutions)
        => Task.FromResult<IList<OrchestrationState>>(Store.Reader.FindInstance(instanceId, withData: true) is { } state ? [state] : []);

    /// <summary>The state of an instance; <see langword="null"/> when there is none of the id.</summary>
    public Task<OrchestrationState?> GetOrchestrationStateAsync(string instanceId, string? executionId)
        => Task.FromResult(FindState(instanceId, withInputsAndOutputs: true));

    /// <summary>The state of an instance, with or without what may be large; <see langword="null"/> when there is none of the id.</summary>
    public OrchestrationState? FindState(string instanceId, bool withInputsAndOutputs)
        => Store.Reader.FindInstance(instanceId, withInputsAndOutputs);

    /// <summary>The history of an instance as a JSON list of events; an empty list when there is none of the id.</summary>
    public Task<string> GetOrchestrationHistoryAsync(string instanceId, string? executionId)
        => Task.FromResult(JsonConvert.SerializeObject(GetHistory(instanceId) ?? []));

    /// <summary>The history of an instance; <see langword="null"/> when there is none of the id.</summary>
    public IList<HistoryEvent>? GetHistory(string instanceId) => Store.Reader.FindHistory(instanceId);

    /// <summary>A page of instances in the order they were created.</summary>
    /// <exception cref="ArgumentException">The continuation token is not one that was given out.</exception>
    public Task<OrchestrationQueryResult> GetOrchestrationWithQueryAsync(OrchestrationQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var size = Math.Clamp(query.PageSize, 1, 10_000);
        var page = Store.Reader.Query(query, ReadToken(query.ContinuationToken), size);
        var token = page.Count == size ? WriteToken((page[^1].Created, page[^1].Key)) : null;
        return Task.FromResult(new OrchestrationQueryResult([.. page.Select(row => row.State)], token));
    }

    /// <summary>Purges an instance, if it has ended.</summary>
    public Task<PurgeResult> PurgeInstanceStateAsync(string instanceId) => PurgeAsync(instanceId, recursive: false);

    /// <summary>Purges an instance, if it has ended, and if asked to its sub-orchestrations that have ended.</summary>
    public async Task<PurgeResult> PurgeAsync(string instanceId, bool recursive)
    {
        long[] keys = Store.Reader.FindKey(instanceId) is { } key ? [key] : [];
        return new PurgeResult(await PurgeAsync(keys, recursive).ConfigureAwait(false), isComplete: true);
    }

    /// <summary>Purges ended instances created in a range of time. Stops when the time given for it is over, and says so.</summary>
    public Task<PurgeResult> PurgeInstanceStateAsync(PurgeInstanceFilter purgeInstanceFilter)
        => PurgeAsync(purgeInstanceFilter, recursive: false);

    /// <inheritdoc cref="PurgeInstanceStateAsync(PurgeInstanceFilter)"/>
    public Task<PurgeResult> PurgeAsync(PurgeInstanceFilter filter, bool recursive)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var until = filter.CreatedTimeTo ?? DateTime.MaxValue;
        return PurgeAsync("created", filter.CreatedTimeFrom, until, filter.RuntimeStatus?.ToList(), recursive, filter.Timeout);
    }

    /// <summary>Purges instances that were created, changed or ended before a time, as asked.</summary>
    public Task PurgeOrchestrationHistoryAsync(
        DateTime thresholdDateTimeUtc, OrchestrationStateTimeRangeFilterType timeRangeFilterType) => PurgeAsync(
        timeRangeFilterType switch
        {
            OrchestrationStateTimeRangeFilterType.OrchestrationCreatedTimeFilter => "created",
            OrchestrationStateTimeRangeFilterType.OrchestrationLastUpdatedTimeFilter => "updated",
            _ => "completed",
        },
        DateTime.MinValue,
        thresholdDateTimeUtc,
        statuses: null,
        recursive: false,
        timeLimit: null);

    /// <summary>Purges what ended before a time, in steps that do not hold up other writers for long.</summary>
    internal Task<PurgeResult> PurgeEndedBeforeAsync(DateTime until)
        => PurgeAsync("completed", DateTime.MinValue, until, null, false, null);

    private async Task<PurgeResult> PurgeAsync(
        string column, DateTime from, DateTime to, List<OrchestrationStatus>? statuses, bool recursive, TimeSpan? timeLimit)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var (count, after) = (0, (long.MinValue, 0L));
        while (true)
        {
            var page = Store.Reader.Ended(column, from, to, statuses, after, PurgePage);
            if (page.Count > 0)
            {
                after = page[^1];
                count += await PurgeAsync(page.Select(row => row.Key), recursive).ConfigureAwait(false);
            }

            if (page.Count < PurgePage)
                return new PurgeResult(count, isComplete: true);

            if (timeLimit is { } limit && TimeProvider.System.GetElapsedTime(begun) >= limit)
                return new PurgeResult(count, isComplete: false);
        }
    }

    private async Task<int> PurgeAsync(IEnumerable<long> keys, bool recursive)
    {
        var count = 0;
        await Store.Writer.WriteAsync((db, effects) => count = db.Purge(keys, recursive, effects)).ConfigureAwait(false);
        return count;
    }

    private DateTime Stamp(IReadOnlyList<TaskMessage> messages)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        if (_stamps)
        {
            foreach (var message in messages)
                message.Event.Timestamp = now;
        }

        return now;
    }

    private static string WriteToken((long Created, long Key) place)
        => string.Create(CultureInfo.InvariantCulture, $"{place.Created}-{place.Key}");

    private static (long Created, long Key) ReadToken(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return (long.MinValue, 0);

        var parts = token.Split('-');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var created)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            ? (created, key)
            : throw new ArgumentException($"'{token}' is not a continuation token of this store.", nameof(token));
    }
}
