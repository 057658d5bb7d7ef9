using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>
/// The way of every transaction: it is told, takes its time, may be held by compliance, and ends well or not. Call it holding the world's
/// gate.
/// </summary>
internal sealed class Movements(
    World world, Agenda agenda, SandboxClock clock, SandboxOptions options, FaultBook faults, Announcer announcer)
{
    /// <summary>Begins a transaction; exactly one of the two ends is called later, holding the gate.</summary>
    public void Begin(Transaction transaction, string resourceId, Action complete, Action<TransactionError> fail)
    {
        world.Transactions.Add(transaction.Id, transaction);
        announcer.TransactionChanged(transaction);
        var subject = new FaultSubject { CustomerId = transaction.CustomerId, ResourceId = resourceId };
        var held = faults.Take(FaultKind.Hold, subject) is not null;
        var slow = faults.Take(FaultKind.SlowConversion, subject);
        var failure = faults.Take(FaultKind.FailConversion, subject);
        if (!held)
        {
            Run();
            return;
        }
        announcer.UnderReview(transaction);
        transaction.Hold(options.IsLater, clock.Now, released =>
        {
            if (!released)
            {
                fail(new TransactionError("compliance_hold", "The transaction was refused by compliance.", Recoverable: false));
                return;
            }
            Run();
        });
        if (options.IsLater)
            announcer.TransactionChanged(transaction);

        void Run() => agenda.At(clock.Now + (slow?.Delay ?? options.ConversionDelay), () =>
        {
            lock (world.Gate)
            {
                // Ended by hand meanwhile.
                if (transaction.Status != TransactionStatus.Processing)
                    return;
                if (failure is null)
                    complete();
                else
                    fail(Error(transaction, failure));
            }
        });
    }

    /// <summary>Compliance decides on a transaction that is held.</summary>
    public void Decide(Transaction transaction, bool released)
    {
        var go = transaction.Release(clock.Now);
        if (options.IsLater && released)
            announcer.TransactionChanged(transaction);
        go(released);
    }

    private static TransactionError Error(Transaction transaction, FaultRule failure)
    {
        var (code, message) = transaction.Type == Transaction.FiatToCrypto
            ? ("provider_order_failed", "The conversion could not be completed.")
            : ("provider_unavailable", "The transfer was not completed.");
        return new TransactionError(failure.Code ?? code, message, failure.Recoverable);
    }
}
