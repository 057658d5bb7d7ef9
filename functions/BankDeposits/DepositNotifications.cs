using System.Text.Json;
using OmsWorkflows.Http;
using OmsWorkflows.Ledger;
using OmsWorkflows.Outbox;

namespace OmsWorkflows.BankDeposits;

/// <summary>
/// Has the team's own systems told of bank deposits, in the order of their states (docs/decisions/0013-notifications.md).
/// </summary>
internal sealed class DepositNotifications(OutboxWriter outbox) : IDepositListener
{
    /// <summary>A deposit is credited.</summary>
    public const string Booked = "deposit.booked";

    /// <summary>A deposit was taken back, or never became tokens.</summary>
    public const string Returned = "deposit.returned";

    public Task HearAsync(SettlementRecord deposit, CancellationToken cancellationToken)
    {
        var data = JsonSerializer.SerializeToNode(DepositView.Of(deposit), ApiJson.Options)!;
        var (type, at) = deposit.State == SettlementState.Returned
            ? (Returned, deposit.ReturnedAt ?? deposit.RecordedAt)
            : (Booked, deposit.RecordedAt);
        return outbox.AddAsync(deposit.Settlement.TransactionId, deposit.Announcements, type, at, data, cancellationToken);
    }
}
