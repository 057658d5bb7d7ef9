using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>What must hold however things go (docs/architecture.md).</summary>
internal static class Invariants
{
    /// <summary>However long OMS is down, a journey does not hammer on it.</summary>
    private const int MostCalls = 100;

    /// <summary>
    /// Over all cases: everything OMS settled is credited or kept, with its amount, and nothing else is
    /// (docs/decisions/0008-money-is-booked-once.md).
    /// </summary>
    public static IEnumerable<string> Check(ReconciliationReport report)
    {
        if (report.Missing.Count > 0)
            yield return $"settled and nowhere in the ledger: {string.Join(' ', report.Missing)}";
        if (report.Mismatched.Count > 0)
            yield return $"credited with another amount: {string.Join(' ', report.Mismatched)}";
        if (report.Unfounded.Count > 0)
            yield return $"credited and not settled: {string.Join(' ', report.Unfounded)}";
        foreach (var total in report.Totals.Where(total => total.Settled != total.Credited + total.Unclaimed))
            yield return $"{total.Asset}: settled {total.Settled}, credited {total.Credited}, unclaimed {total.Unclaimed}";
    }

    /// <summary>
    /// The bank transfer of one case: credited once to its customer while it stays there, and not at all once it is taken back.
    /// </summary>
    public static IEnumerable<string> CheckTransfer(Case of, SettlementRecord? record, IReadOnlyList<SettlementState> told)
    {
        var transfer = of.Schedule.Transfer;
        if (transfer == Transfer.None)
        {
            if (record is not null)
                yield return "a bank deposit nobody sent";
            yield break;
        }

        var expected = transfer.Stays ? SettlementState.Booked : SettlementState.Returned;
        if (record?.State != expected)
            yield return $"its bank deposit is {record?.State} instead of {expected}";
        if (record is { } kept && (kept.Settlement.Net != of.Net || kept.Settlement.CustomerId != of.CustomerId
            || kept.Settlement.InstanceId is not null || kept.Settlement.Kind != SettlementKind.BankDeposit))
            yield return $"its bank deposit is {kept.Settlement}";
        if (told.LastOrDefault(SettlementState.Unknown) != expected)
            yield return $"of its bank deposit was told: {string.Join(' ', told)}";
    }

    /// <summary>One case.</summary>
    public static IEnumerable<string> Check(Case of, JourneyStatus? status, SettlementRecord? record)
    {
        if (status is not { Ended: true })
        {
            yield return "the journey has not come to an end of its own";
            yield break;
        }

        foreach (var complaint in of.Complaints)
            yield return complaint;
        if (of.CallsMade > MostCalls)
            yield return $"{of.CallsMade} calls of OMS";

        // At most one effect for each step, whatever was repeated (docs/decisions/0003-idempotency-keys.md).
        if (of.Wallets > 1 || of.CashIns > 1)
            yield return $"{of.Wallets} wallets, {of.CashIns} cash-ins";
        if (of.KeysReused > 0)
            yield return "an idempotency key came with another request";
        if (of.Replays > (of.Schedule.Breakage.How == Harm.None ? 0 : 1))
            yield return $"{of.Replays} requests came again under the key of another step";

        if (of.CallsTooSoon > 0)
            yield return $"{of.CallsTooSoon} calls before the time that OMS had asked to wait was over";

        // Money is credited to the journey that waited for it, and to no other.
        var till = of.Schedule.Till;
        var aliveForCash = of.CashTakenAt is { } taken && taken <= status.Since;
        if (of.IsSettled && record is null)
            yield return "settled, and not in the ledger";
        if (!of.IsSettled && record is not null)
            yield return "in the ledger, and not settled";
        if (record is not null && record.Settlement.Net != of.Net)
            yield return $"{record.Settlement.Net} credited instead of {of.Net}";
        if (of.IsSettled && aliveForCash && (record?.State != SettlementState.Booked || record.Settlement.InstanceId != of.InstanceId))
            yield return $"its cash came in time and is {record?.State} for {record?.Settlement.InstanceId}";
        if (of.IsSettled && !aliveForCash && record?.State != SettlementState.Unclaimed)
            yield return $"its cash came after its end and is {record?.State}";

        // It ends as what happened, and not before its time.
        var expected = till.Settles && aliveForCash ? JourneyPhase.Completed
            : till.CashAt is not null && aliveForCash ? JourneyPhase.Failed
            : of.Schedule.Command == Command.CancelEarly ? JourneyPhase.Cancelled
            : JourneyPhase.Expired;
        if (status.Phase != expected)
            yield return $"ended as {status.Phase} instead of {expected}";
        if (status.Phase == JourneyPhase.Expired && status.Since < of.ExpiresAt + Explorer.Options.GraceTime)
            yield return "expired before the grace time was over";
        if (status.Phase == JourneyPhase.Cancelled && status.Since < of.ExpiresAt)
            yield return "cancelled while the code could still be paid";
        if (status.Phase == JourneyPhase.Completed && status.Settlement?.Net != of.Net)
            yield return $"reports {status.Settlement?.Net} instead of {of.Net}";
    }
}
