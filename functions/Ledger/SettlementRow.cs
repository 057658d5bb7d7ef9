using System.Globalization;
using Azure.Data.Tables;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>How a settlement is written. Amounts are text: the store knows no decimal numbers.</summary>
internal static class SettlementRow
{
    public const string RowKey = "settlement";

    public static TableEntity Write(SettlementRecord record)
    {
        var settlement = record.Settlement;
        return new TableEntity(TableKey.Of(settlement.TransactionId), RowKey)
        {
            ["TransactionId"] = settlement.TransactionId,
            ["CashInId"] = settlement.CashInId,
            ["CustomerId"] = settlement.CustomerId,
            ["Gross"] = Text(settlement.Gross),
            ["Fees"] = Text(settlement.Fees),
            ["Net"] = Text(settlement.Net),
            ["Asset"] = settlement.Asset,
            ["Network"] = settlement.Network,
            ["TxHash"] = settlement.TxHash,
            ["SettledAt"] = settlement.SettledAt.ToUniversalTime(),
            ["InstanceId"] = settlement.InstanceId,
            ["State"] = record.State.ToString(),
            ["RecordedAt"] = record.RecordedAt.ToUniversalTime(),
            ["Reason"] = record.Reason?.ToString(),
            ["Reference"] = record.Reference,
        };
    }

    public static SettlementRecord Read(TableEntity row) => new(
        new Settlement(
            row.GetString("TransactionId"),
            row.GetString("CashInId"),
            row.GetString("CustomerId"),
            Amount(row.GetString("Gross")),
            Amount(row.GetString("Fees")),
            Amount(row.GetString("Net")),
            row.GetString("Asset"),
            row.GetString("Network"),
            row.GetString("TxHash"),
            row.GetDateTimeOffset("SettledAt")!.Value,
            row.GetString("InstanceId")),
        Enum.Parse<SettlementState>(row.GetString("State")),
        row.GetDateTimeOffset("RecordedAt")!.Value,
        row.GetString("Reason") is { } reason ? Enum.Parse<UnclaimedReason>(reason) : null,
        row.GetString("Reference"));

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static decimal Amount(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
