using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>Lists journeys of a version that knew no lists, as the engine says they stand.</summary>
internal sealed class IndexedIntakes(AppTables tables, Intakes intakes, IEnumerable<JourneyKind> kinds) : IIndexedTable
{
    public string Name => nameof(AppTables.Intakes);

    public TableClient Table => tables.Intakes;

    public IAsyncEnumerable<Page<TableEntity>> ReadAsync(int pageSize, string? position, CancellationToken cancellationToken)
        => tables.Intakes.QueryAsync<TableEntity>(
            (string?)null, pageSize, [.. Intakes.PlainColumns, IndexFill.Indexed], cancellationToken).AsPages(position, pageSize);

    public async Task<bool> ListAsync(TableEntity row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var intake = intakes.Read(row);
        if (kinds.FirstOrDefault(known => known.Orchestration == intake.Orchestration) is not { } kind)
            return false;
        var status = (await JourneyView.OfAsync(kind, intake, client, cancellationToken)).Status;
        await intakes.Index.AddAsync(intake, cancellationToken);
        await intakes.Index.FindByAsync(
            intake.InstanceId,
            intake.ReceivedAt,
            [status.CashInId, status.TransactionId, status.Wallet?.Id, status.Deposit?.Code, status.Payout?.TransactionId],
            cancellationToken);
        if (status.Ended)
            await intakes.Index.EndAsync(
                intake.InstanceId, intake.Orchestration, intake.ReceivedAt, status.Phase, [], cancellationToken);
        return true;
    }
}
