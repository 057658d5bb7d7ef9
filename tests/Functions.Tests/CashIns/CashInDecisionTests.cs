using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.CashIns;

public sealed class CashInDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 10, 15, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(CashInStatus.Pending, null, 1, CashInDecision.AwaitDeposit)]
    [InlineData(CashInStatus.Pending, null, 0, CashInDecision.CodeRanOut)]
    [InlineData(CashInStatus.Pending, null, -1, CashInDecision.CodeRanOut)]
    [InlineData(CashInStatus.Expired, null, 1, CashInDecision.CodeRanOut)]
    [InlineData(CashInStatus.Processing, TransactionStatus.Processing, -1, CashInDecision.AwaitSettlement)]
    [InlineData(CashInStatus.Processing, TransactionStatus.Failed, -1, CashInDecision.FailAfterCash)]
    [InlineData(CashInStatus.Completed, TransactionStatus.Processing, -1, CashInDecision.AwaitSettlement)]
    [InlineData(CashInStatus.Completed, TransactionStatus.AwaitingAction, -1, CashInDecision.AwaitSettlement)]
    [InlineData(CashInStatus.Completed, TransactionStatus.Failed, -1, CashInDecision.FailAfterCash)]
    [InlineData(CashInStatus.Failed, null, 1, CashInDecision.Fail)]
    [InlineData(CashInStatus.Failed, TransactionStatus.Failed, 1, CashInDecision.FailAfterCash)]
    [InlineData(CashInStatus.Unknown, null, 1, CashInDecision.AwaitDeposit)]
    [InlineData(CashInStatus.Unknown, TransactionStatus.Unknown, 1, CashInDecision.AwaitSettlement)]
    public void Decide_status_and_transaction_and_clock(
        CashInStatus status, TransactionStatus? transaction, int minutesLeft, CashInDecision expected)
    {
        var deposit = new DepositState("CODE", Now.AddMinutes(minutesLeft), null, null, 0, 0);
        var cashIn = new CashInSnapshot("ci_1", status, null, deposit, transaction is null ? null : "txn_1") { Transaction = transaction };

        CashInDecisions.Decide(cashIn, Now).Should().Be(expected);
    }
}
