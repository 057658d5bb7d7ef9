using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Payouts;

/// <summary>
/// The code that cash is collected with. Whoever has it has the cash, so it never enters a history, a status or a table: it is read from
/// OMS when somebody asks for the payout.
/// </summary>
public sealed class PickupCodes(OmsClient oms)
{
    /// <summary>The payout with its code while cash lies ready, and as it is when there is none, or OMS does not say it.</summary>
    internal async Task<JourneyView> WithCodeAsync(JourneyView view, CancellationToken cancellationToken)
    {
        if (view.Status is not { Phase: JourneyPhase.AwaitingPickup, Payout: { Pickup: { } pickup } payout })
            return view;
        try
        {
            var transaction = await oms.GetTransactionAsync(payout.TransactionId, cancellationToken);
            var shown = payout with { Pickup = pickup with { Code = transaction.CashPickup?.Code } };
            return transaction.Status == TransactionStatus.CashPickupReady
                ? view with { Status = view.Status with { Payout = shown } }
                : view;
        }
        catch (OmsException)
        {
            // The client has logged it; the rest of the document is as good as ever.
            return view;
        }
    }
}
