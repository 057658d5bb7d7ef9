using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Newtonsoft.Json.Linq;

namespace DurableTask.Sqlite.Extension;

/// <summary>The service as the Durable Functions extension sees it.</summary>
internal sealed class SqliteDurabilityProvider(SqliteOrchestrationService service)
    : DurabilityProvider(SqliteDurabilityProviderFactory.ProviderName, service, service, SqliteDurabilityProviderFactory.ProviderName),
      IDisposable
{
    public override bool SupportsPollFreeWait => true;

    public override bool GuaranteesOrderedDelivery => true;

    public override bool CheckStatusBeforeRaiseEvent => true;

    public override TimeSpan MaximumDelayTime { get; set; } = TimeSpan.MaxValue;

    public override TimeSpan LongRunningTimerIntervalLength { get; set; } = TimeSpan.MaxValue;

    public override string EventSourceName { get; set; } = "DurableTask-Sqlite";

    public override Task<IList<OrchestrationState>> GetOrchestrationStateWithInputsAsync(string instanceId, bool showInput = true)
    {
        var state = service.FindState(instanceId, withInputsAndOutputs: true);
        if (state is not null && !showInput)
            state.Input = null;

        return Task.FromResult<IList<OrchestrationState>>(state is null ? [] : [state]);
    }

    public override async Task<IList<OrchestrationState>> GetAllOrchestrationStates(CancellationToken cancellationToken)
    {
        var all = new List<OrchestrationState>();
        var query = new OrchestrationQuery { PageSize = 1_000 };
        do
        {
            var page = await service.GetOrchestrationWithQueryAsync(query, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.OrchestrationState);
            query.ContinuationToken = page.ContinuationToken;
        }
        while (query.ContinuationToken is not null);
        return all;
    }

    public override async Task<OrchestrationStatusQueryResult> GetOrchestrationStateWithPagination(
        OrchestrationStatusQueryCondition condition, CancellationToken cancellationToken)
    {
        var query = new OrchestrationQuery
        {
            RuntimeStatus = condition.RuntimeStatus?.Select(status => (OrchestrationStatus)status).ToList(),
            CreatedTimeFrom = condition.CreatedTimeFrom == default ? null : condition.CreatedTimeFrom,
            CreatedTimeTo = condition.CreatedTimeTo == default ? null : condition.CreatedTimeTo,
            InstanceIdPrefix = condition.InstanceIdPrefix,
            PageSize = condition.PageSize,
            ContinuationToken = condition.ContinuationToken,
            FetchInputsAndOutputs = true,
        };
        var page = await service.GetOrchestrationWithQueryAsync(query, cancellationToken).ConfigureAwait(false);
        return new OrchestrationStatusQueryResult
        {
            DurableOrchestrationState = [.. page.OrchestrationState.Select(state => ToStatus(state, condition.ShowInput))],
            ContinuationToken = page.ContinuationToken,
        };
    }

    public override async Task<PurgeHistoryResult> PurgeInstanceHistoryByInstanceId(string instanceId)
        => new((await service.PurgeInstanceStateAsync(instanceId).ConfigureAwait(false)).DeletedInstanceCount);

    public override async Task<int> PurgeHistoryByFilters(
        DateTime createdTimeFrom, DateTime? createdTimeTo, IEnumerable<OrchestrationStatus> runtimeStatus)
    {
        var filter = new PurgeInstanceFilter(createdTimeFrom, createdTimeTo, runtimeStatus);
        return (await service.PurgeInstanceStateAsync(filter).ConfigureAwait(false)).DeletedInstanceCount;
    }

    public override Task RewindAsync(string instanceId, string reason) => service.RewindAsync(instanceId, reason);

    public override Task<IAsyncEnumerable<HistoryEvent>> StreamOrchestrationHistoryAsync(
        string instanceId, CancellationToken cancellationToken) => Task.FromResult(Stream(service.GetHistory(instanceId) ?? []));

    public override void SetUseSeparateQueueForEntityWorkItems(bool newValue)
    {
    }

    public void Dispose() => service.Dispose();

    private static async IAsyncEnumerable<HistoryEvent> Stream(IEnumerable<HistoryEvent> events)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var one in events)
            yield return one;
    }

    private static DurableOrchestrationStatus ToStatus(OrchestrationState state, bool showInput) => new()
    {
        Name = state.Name,
        Version = string.IsNullOrEmpty(state.Version) ? null : state.Version,
        InstanceId = state.OrchestrationInstance.InstanceId,
        ParentInstanceId = state.ParentInstance?.OrchestrationInstance?.InstanceId,
        CreatedTime = state.CreatedTime,
        LastUpdatedTime = state.LastUpdatedTime,
        RuntimeStatus = (OrchestrationRuntimeStatus)state.OrchestrationStatus,
        CustomStatus = ToJson(state.Status),
        Input = showInput ? ToJson(state.Input) : null,
        Output = ToJson(state.Output),
    };

    /// <summary>What is not JSON is shown as text.</summary>
    private static JToken? ToJson(string? value)
    {
        if (value is null)
            return null;

        try
        {
            return JToken.Parse(value);
        }
        catch (Newtonsoft.Json.JsonException)
        {
            return value;
        }
    }
}
