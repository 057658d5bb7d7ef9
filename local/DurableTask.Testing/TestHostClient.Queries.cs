using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using CoreQuery = DurableTask.Core.Query.OrchestrationQuery;
using PurgeResult = Microsoft.DurableTask.Client.PurgeResult;

namespace DurableTask.Testing;

/// <summary>Reading and purging.</summary>
internal sealed partial class TestHostClient
{
    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Task.FromResult(Find(instanceId, getInputsAndOutputs, cancellation) is { } state ? Describe(state, getInputsAndOutputs) : null);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
        => Pageable.Create<OrchestrationMetadata>(async (continuation, wanted, cancellation) =>
        {
            var query = filter ?? new OrchestrationQuery();
            var page = await Store.GetOrchestrationWithQueryAsync(
                new CoreQuery
                {
                    RuntimeStatus = Statuses(query.Statuses)?.ToList(),
                    CreatedTimeFrom = query.CreatedFrom?.UtcDateTime,
                    CreatedTimeTo = query.CreatedTo?.UtcDateTime,
                    InstanceIdPrefix = query.InstanceIdPrefix,
                    PageSize = wanted ?? query.PageSize,
                    ContinuationToken = continuation ?? query.ContinuationToken,
                    FetchInputsAndOutputs = query.FetchInputsAndOutputs,
                },
                cancellation);
            var found = page.OrchestrationState.Select(state => Describe(state, query.FetchInputsAndOutputs));
            return new Page<OrchestrationMetadata>([.. found], page.ContinuationToken);
        });

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<IList<HistoryEvent>>([.. Store.GetHistory(instanceId) ?? throw NotFound(instanceId)]);
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Result(await WhileAliveAsync(Store.PurgeAsync(instanceId, options?.Recursive == true)));
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        cancellation.ThrowIfCancellationRequested();
        if (filter.Timeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(filter), filter.Timeout, "PurgeInstancesFilter.Timeout must be a positive TimeSpan.");
        }

        var from = (filter.CreatedFrom ?? default).UtcDateTime;
        var query = new PurgeInstanceFilter(from, filter.CreatedTo?.UtcDateTime, Statuses(filter.Statuses)) { Timeout = filter.Timeout };
        return Result(await WhileAliveAsync(Store.PurgeAsync(query, options?.Recursive == true)));
    }

    private static PurgeResult Result(DurableTask.Core.PurgeResult done) => new(done.DeletedInstanceCount, done.IsComplete ?? true);

    /// <summary>The two enumerations share names and numbers.</summary>
    private static IEnumerable<OrchestrationStatus>? Statuses(IEnumerable<OrchestrationRuntimeStatus>? statuses)
        => statuses?.Select(status => (OrchestrationStatus)(int)status);

    private OrchestrationMetadata Describe(OrchestrationState state, bool withData)
        => new(state.Name, state.OrchestrationInstance.InstanceId)
        {
            DataConverter = withData ? converter : null,
            RuntimeStatus = (OrchestrationRuntimeStatus)(int)state.OrchestrationStatus,
            CreatedAt = new DateTimeOffset(DateTime.SpecifyKind(state.CreatedTime, DateTimeKind.Utc)),
            LastUpdatedAt = new DateTimeOffset(DateTime.SpecifyKind(state.LastUpdatedTime, DateTimeKind.Utc)),
            SerializedInput = withData ? state.Input : null,
            SerializedOutput = withData ? state.Output : null,
            SerializedCustomStatus = withData ? state.Status : null,
            FailureDetails = Describe(state.FailureDetails),
            Tags = state.Tags?.ToDictionary() ?? [],
        };

    private static TaskFailureDetails? Describe(FailureDetails? failure) => failure is null ? null
        : new(failure.ErrorType, failure.ErrorMessage, failure.StackTrace, Describe(failure.InnerFailure), failure.Properties);
}
