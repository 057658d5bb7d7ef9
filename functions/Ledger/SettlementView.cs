using System.Globalization;
using System.Text.Json.Nodes;
using OmsWorkflows.Actions;

namespace OmsWorkflows.Ledger;

/// <summary>A settlement as operators see it; amounts are text, as everywhere on the wire.</summary>
public sealed record SettlementView(
    string TransactionId,
    string CashInId,
    string CustomerId,
    string Gross,
    string Fees,
    string Net,
    string Asset,
    string Network,
    string? TxHash,
    DateTimeOffset SettledAt,
    SettlementState State,
    string? InstanceId,
    UnclaimedReason? Reason,
    string? Reference,
    DateTimeOffset RecordedAt,
    JsonNode? Said,
    SettlementKind Kind,
    DateTimeOffset? ReturnedAt)
{
    /// <summary>Whose decision its state is, and why.</summary>
    public DecidedBy? Decided { get; init; }

    /// <summary>Decisions about it that wait for a second person.</summary>
    public IReadOnlyList<PendingDecision>? Pending { get; init; }

    /// <summary>What operators did about it, oldest first; in the document of one settlement only.</summary>
    public IReadOnlyList<ActionRecord>? Actions { get; init; }

    internal static SettlementView Of(SettlementRecord record)
    {
        var settlement = record.Settlement;
        return new(
            settlement.TransactionId,
            settlement.CashInId,
            settlement.CustomerId,
            Text(settlement.Gross),
            Text(settlement.Fees),
            Text(settlement.Net),
            settlement.Asset,
            settlement.Network,
            settlement.TxHash,
            settlement.SettledAt,
            record.State,
            settlement.InstanceId,
            record.Reason,
            record.Reference,
            record.RecordedAt,
            record.Said is null ? null : JsonNode.Parse(record.Said),
            settlement.Kind,
            record.ReturnedAt)
        {
            Decided = record.Decided,
        };
    }

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
