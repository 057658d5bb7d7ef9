using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine.Client;

/// <summary>Reading and purging.</summary>
internal sealed partial class LocalDurableTaskClient
{
    private const int PurgeBatch = 200;

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        if (string.IsNullOrEmpty(instanceId))
        {
            throw new ArgumentNullException(nameof(instanceId));
        }

        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(
            engine().Reader.FindInstance(instanceId, getInputsAndOutputs) is { } row ? Describe(row, getInputsAndOutputs) : null);
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        Pageable.Create<OrchestrationMetadata>((continuation, wanted, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            var query = filter ?? new OrchestrationQuery();
            var size = wanted ?? query.PageSize;
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
            var after = (continuation ?? query.ContinuationToken) is { } token ? Number(token) : 0;
            var rows = engine().Reader.Query(query, after, size);
            return Task.FromResult(new Page<OrchestrationMetadata>(
                [.. rows.Select(row => Describe(row, query.FetchInputsAndOutputs))],
                rows.Count == size ? Token(rows[^1].Key) : null));
        });

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        var after = (Completed: -1L, Key: 0L);
        if (!string.IsNullOrEmpty(lastInstanceKey))
        {
            var split = lastInstanceKey.IndexOf('-', StringComparison.Ordinal);
            after = split < 0 ? (Number(lastInstanceKey), 0) : (Number(lastInstanceKey[..split]), Number(lastInstanceKey[(split + 1)..]));
        }

        var rows = engine().Reader.QueryEnded(runtimeStatus, completedTimeFrom, completedTimeTo, after, pageSize);
        return Task.FromResult(new Page<string>(
            [.. rows.Select(row => row.Id)],
            rows.Count == pageSize ? $"{Token(rows[^1].Completed)}-{Token(rows[^1].Key)}" : null));
    }

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<IList<HistoryEvent>>(engine().Reader.FindHistory(instanceId)
            ?? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found."));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var core = engine();
        return core.Reader.FindInstance(instanceId, withData: false) is { } row
            ? new PurgeResult(
                await core.WriteAsync(new PurgeInstances([row.Key], options?.Recursive == true, core.Removed), cancellation).ConfigureAwait(false),
                isComplete: true)
            : new PurgeResult(0, isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.Timeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(filter), filter.Timeout, "PurgeInstancesFilter.Timeout must be a positive TimeSpan.");
        }

        var core = engine();
        var start = core.Clock.GetTimestamp();
        var query = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, filter.Statuses);
        var purged = 0;
        for (var after = 0L; ;)
        {
            var rows = core.Reader.Query(query, after, PurgeBatch);
            List<long> ended = [.. rows.Where(row => HasEnded(row.Status)).Select(row => row.Key)];
            if (ended.Count > 0)
            {
                purged += await core.WriteAsync(new PurgeInstances(ended, options?.Recursive == true, core.Removed), cancellation)
                    .ConfigureAwait(false);
            }

            if (rows.Count < PurgeBatch)
            {
                return new PurgeResult(purged, isComplete: true);
            }

            after = rows[^1].Key;
            if (filter.Timeout is { } limit && core.Clock.GetElapsedTime(start) >= limit)
            {
                return new PurgeResult(purged, isComplete: false);
            }
        }
    }
}
