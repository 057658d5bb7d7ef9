using System.Globalization;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Money;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Transactions;

namespace OmsWorkflows.Local.Sandbox.CashIns;

/// <summary>
/// The counter where cash is paid in, in two steps: scan and authorise, then commit (docs/oms-api.md 10). Declines are answers, not errors.
/// Call it holding the world's gate.
/// </summary>
internal sealed class Till(World world, SandboxClock clock, Conversions conversions, FaultBook faults)
{
    private long _answers;

    /// <summary>A scan that was approved. It stays good after the code runs out or is renewed: the cash is in the store's hands.</summary>
    internal sealed record Authorisation(
        string ConfirmationId, string CashInId, decimal Amount, string AccountNumber, string ReferenceNumber);

    public TillAnswer Authorise(string barcode, decimal amount)
    {
        var cashIn = world.CashIns.Values.FirstOrDefault(known => known.Code == barcode);
        // A renewed code is dead at once, and a paid one is used up: neither is known any more.
        if (cashIn is null || cashIn.Status is CashInStatus.Processing or CashInStatus.Completed or CashInStatus.Failed)
            return Decline("14", "UNKNOWN CODE");
        if (clock.Now >= cashIn.ExpiresAt)
            return Decline("54", "EXPIRED CODE");
        var earlier = world.CashIns.Values
            .Where(known => known.CustomerId == cashIn.CustomerId && known.Paid is not null)
            .Select(known => (world.Transactions[known.TransactionId!].CreatedAt, known.Paid!.Value))
            .ToList();
        if (!CashInLimits.AllowsOne(amount, cashIn.Location) || !CashInLimits.AllowsMore(amount, clock.Now, earlier))
            return Decline("61", "LIMIT EXCEEDED");

        var number = Interlocked.Increment(ref _answers);
        var account = "9000000" + barcode.Replace(" ", "", StringComparison.Ordinal);
        var authorisation = new Authorisation(
            Text("cnf-{0:x4}", number), cashIn.Id, amount, account, Text("arn-{0:00000}", number));
        world.Authorisations.Add(authorisation.ConfirmationId, authorisation);
        return new TillAnswer(MoneyText.Of(amount), authorisation.ConfirmationId, "00", Text("rsp-{0:0000}", number), "APPROVED",
            authorisation.AccountNumber, authorisation.ReferenceNumber);
    }

    public TillAnswer Commit(TillCommit commit)
    {
        if (!world.Authorisations.TryGetValue(commit.OriginalConfirmationId, out var authorisation)
            || authorisation.AccountNumber != commit.AccountNumber || authorisation.ReferenceNumber != commit.AccountReferenceNumber)
            return Decline("14", "UNKNOWN AUTHORISATION");
        if (commit.Amount != authorisation.Amount)
            return Decline("61", "AMOUNT NOT AS AUTHORISED");
        var cashIn = world.CashIns[authorisation.CashInId];
        if (commit.CustomerId is not null && commit.CustomerId != cashIn.CustomerId)
            throw ApiException.Validation("customerId", "is not the customer of this code");
        if (!cashIn.Refreshable)
            return Decline("14", "CODE ALREADY USED");
        if (faults.Take(FaultKind.FailTill, new FaultSubject { CustomerId = cashIn.CustomerId, ResourceId = cashIn.Id }) is not null)
        {
            // No transaction exists, so nothing is announced: only a look at the cash-in finds out (docs/oms-api.md 9.4).
            cashIn.FailAtTill(clock.Now);
            return Decline("96", "SYSTEM ERROR");
        }
        conversions.Start(cashIn, authorisation.Amount);
        var number = Interlocked.Increment(ref _answers);
        return new TillAnswer(
            MoneyText.Of(authorisation.Amount), Text("cnf-{0:x4}", number), "00", Text("rsp-{0:0000}", number), "APPROVED");
    }

    private TillAnswer Decline(string code, string text)
        => new("0.00", "", code, Text("rsp-{0:0000}", Interlocked.Increment(ref _answers)), text);

    private static string Text(string format, long number) => string.Format(CultureInfo.InvariantCulture, format, number);
}
