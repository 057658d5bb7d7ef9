using OmsWorkflows.Ledger;

namespace OmsWorkflows.BankDeposits;

/// <summary>One page of bank deposits.</summary>
/// <param name="Data">The deposits.</param>
/// <param name="Next">Pass it back as <c>after</c> for the next page; left out on the last.</param>
public sealed record DepositPage(IReadOnlyList<DepositView> Data, string? Next);

/// <summary>Money that came from a bank.</summary>
/// <param name="TransactionId">The transaction at OMS; identifies the deposit.</param>
/// <param name="CustomerId">Whose money it is.</param>
/// <param name="VirtualAccountId">The account it came by, if OMS says it.</param>
/// <param name="Rail">How it came, such as <c>ach</c> or <c>wire</c>, if OMS says it.</param>
/// <param name="State">What became of it; only a booked one is money of the customer.</param>
/// <param name="Gross">What was sent, in USD.</param>
/// <param name="Fees">What was deducted.</param>
/// <param name="Net">What arrived, or would have, in units of the asset.</param>
/// <param name="Asset">Asset that arrived, such as <c>usdc</c>.</param>
/// <param name="Network">Network it arrived on, such as <c>polygon</c>.</param>
/// <param name="TxHash">The transfer on the chain, if known.</param>
/// <param name="SettledAt">When OMS completed it (UTC); of one that never was, when it failed.</param>
/// <param name="RecordedAt">When it was written down (UTC).</param>
/// <param name="ReturnedAt">When it was found to be returned (UTC).</param>
/// <param name="ReturnCode">Why, in OMS's word.</param>
/// <param name="Reason">Why it is unclaimed, if it ever was.</param>
public sealed record DepositView(
    string TransactionId,
    string CustomerId,
    string? VirtualAccountId,
    string? Rail,
    SettlementState State,
    decimal Gross,
    decimal Fees,
    decimal Net,
    string Asset,
    string Network,
    string? TxHash,
    DateTimeOffset SettledAt,
    DateTimeOffset RecordedAt,
    DateTimeOffset? ReturnedAt,
    string? ReturnCode,
    UnclaimedReason? Reason)
{
    internal static DepositView Of(SettlementRecord record)
    {
        var money = record.Settlement;
        return new(
            money.TransactionId, money.CustomerId, money.VirtualAccountId, money.Rail, record.State, money.Gross, money.Fees, money.Net,
            money.Asset, money.Network, money.TxHash, money.SettledAt, record.RecordedAt, record.ReturnedAt, record.ReturnCode,
            record.Reason);
    }
}
