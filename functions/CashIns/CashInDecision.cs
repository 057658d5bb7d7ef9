using OmsWorkflows.Oms;

namespace OmsWorkflows.CashIns;

/// <summary>What to do about a cash-in, given what OMS says of it.</summary>
public enum CashInDecision
{
    /// <summary>The code is good; keep waiting for cash.</summary>
    AwaitDeposit = 0,

    /// <summary>The code ran out and nothing was paid in.</summary>
    CodeRanOut,

    /// <summary>Cash was taken; wait for the USDC.</summary>
    AwaitSettlement,

    /// <summary>The money is booked.</summary>
    Complete,

    /// <summary>The money is in the ledger for somebody else.</summary>
    YieldToOther,

    /// <summary>It did not work, and no money is on its way.</summary>
    Fail,

    /// <summary>It did not work although cash was taken.</summary>
    FailAfterCash,
}

/// <summary>
/// The rules of a cash-in, as one pure function (docs/decisions/0008-money-is-booked-once.md, docs/oms-api.md 7.3 and 12).
/// </summary>
public static class CashInDecisions
{
    /// <summary>Decides.</summary>
    /// <param name="cashIn">What OMS says.</param>
    public static CashInDecision Decide(CashInSnapshot cashIn, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(cashIn);
        if (cashIn.Booked is not null)
            return CashInDecision.Complete;
        if (cashIn.BookedElsewhere)
            return CashInDecision.YieldToOther;

        return cashIn.Status switch
        {
            // A completed cash-in is not money yet: its transaction has to be completed too (docs/decisions/0008-money-is-booked-once.md).
            CashInStatus.Completed or CashInStatus.Processing => cashIn.Transaction == TransactionStatus.Failed
                ? CashInDecision.FailAfterCash
                : CashInDecision.AwaitSettlement,
            CashInStatus.Failed => cashIn.TransactionId is null ? CashInDecision.Fail : CashInDecision.FailAfterCash,

            // "expired" may show some seconds after expiresAt, so the time counts as well as the word.
            CashInStatus.Expired => CashInDecision.CodeRanOut,
            CashInStatus.Pending => cashIn.Deposit.ExpiresAt <= now ? CashInDecision.CodeRanOut : CashInDecision.AwaitDeposit,

            // A status this code does not know is neither success nor failure: as long as a transaction exists, cash was taken.
            _ => cashIn.TransactionId is null ? CashInDecision.AwaitDeposit : CashInDecision.AwaitSettlement,
        };
    }
}
