using System.Globalization;
using Azure.Data.Tables;
using OmsWorkflows.Actions;
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
            ["Said"] = record.Said,
            ["Kind"] = settlement.Kind == SettlementKind.CashIn ? null : settlement.Kind.ToString(),
            ["VirtualAccountId"] = settlement.VirtualAccountId,
            ["Rail"] = settlement.Rail,
            ["ReturnedAt"] = record.ReturnedAt?.ToUniversalTime(),
            ["ReturnCode"] = record.ReturnCode,
            ["Announced"] = record.Announced?.ToString(),
            ["Announcements"] = record.Announcements == 0 ? null : record.Announcements,
            ["DecidedBy"] = record.Decided?.By,
            ["DecidedAt"] = record.Decided?.At.ToUniversalTime(),
            ["DecisionReason"] = record.Decided?.Reason,
            ["ProposedBy"] = record.Decided?.ProposedBy,
        };
    }

    /// <exception cref="FormatException">The row is damaged: money is not guessed.</exception>
    public static SettlementRecord Read(TableEntity row) => new(
        new Settlement(
            row.Text("TransactionId") ?? throw Damaged(row, "TransactionId"),
            row.Text("CashInId") ?? "",
            row.Text("CustomerId") ?? "",
            Amount(row, "Gross"),
            Amount(row, "Fees"),
            Amount(row, "Net"),
            row.Text("Asset") ?? throw Damaged(row, "Asset"),
            row.Text("Network") ?? "",
            row.Text("TxHash"),
            row.Time("SettledAt") ?? throw Damaged(row, "SettledAt"),
            row.Text("InstanceId"))
        {
            Kind = row.Text("Kind") is { } kind ? KnownNames.Of<SettlementKind>(kind) : SettlementKind.CashIn,
            VirtualAccountId = row.Text("VirtualAccountId"),
            Rail = row.Text("Rail"),
        },
        KnownNames.Of<SettlementState>(row.Text("State")),
        row.Time("RecordedAt") ?? throw Damaged(row, "RecordedAt"),
        row.Text("Reason") is { } reason ? KnownNames.Of<UnclaimedReason>(reason) : null,
        row.Text("Reference"))
    {
        Said = row.Text("Said"),
        ReturnedAt = row.Time("ReturnedAt"),
        ReturnCode = row.Text("ReturnCode"),
        Announcements = row.Number("Announcements") ?? 0,
        Announced = row.Text("Announced") is { } announced ? KnownNames.Of<SettlementState>(announced) : null,
        Decided = ReadDecided(row),
    };

    private static DecidedBy? ReadDecided(TableEntity row) => row.Text("DecidedBy") is { } by && row.Time("DecidedAt") is { } at
        ? new(by, at, row.Text("Reference") ?? "", row.Text("DecisionReason"), row.Text("ProposedBy"))
        : null;

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static decimal Amount(TableEntity row, string column)
        => decimal.TryParse(row.Text(column), NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : throw Damaged(row, column);

    private static FormatException Damaged(TableEntity row, string column)
        => new($"Row {row.PartitionKey} of the ledger is damaged: {column}.");
}
