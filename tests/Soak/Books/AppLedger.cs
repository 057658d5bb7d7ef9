using System.Globalization;
using Azure.Data.Tables;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Soak.Books;

/// <summary>The app's ledger, read from its table and not through the app.</summary>
internal sealed class AppLedger(AzuriteService storage)
{
    private const string Table = "OmsSettlements";

    /// <summary>The hourly reconciliation keeps a row of its own in the table.</summary>
    private const string Settlements = "RowKey eq 'settlement'";

    private readonly TableClient _rows = new(storage.ConnectionString, Table);

    public async Task<IReadOnlyList<LedgerRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var all = new List<LedgerRow>();
        await foreach (var row in _rows.QueryAsync<TableEntity>(Settlements, cancellationToken: cancellationToken))
            all.Add(new LedgerRow(
                row.GetString("TransactionId"),
                decimal.Parse(row.GetString("Net"), CultureInfo.InvariantCulture),
                row.GetString("Asset"),
                row.GetString("State"),
                row.GetString("InstanceId")));
        return all;
    }
}

/// <summary>One settlement in the app's ledger.</summary>
/// <param name="TransactionId">The transaction.</param>
/// <param name="Net">What arrived, in units of <paramref name="Asset"/>.</param>
/// <param name="Asset">Such as <c>usdc</c>.</param>
/// <param name="State">Such as <c>Booked</c>.</param>
/// <param name="JourneyId">Whom it is credited to.</param>
internal sealed record LedgerRow(string TransactionId, decimal Net, string Asset, string State, string? JourneyId)
{
    public bool IsBooked => State == "Booked";

    public bool IsKept => State == "Unclaimed";
}
