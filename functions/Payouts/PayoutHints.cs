using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Payouts;

/// <summary>What a signal hints at, for a payout.</summary>
internal static class PayoutHints
{
    /// <summary>
    /// Whether it may tell that a landed payout came back. That it landed comes again and again, and is nothing new.
    /// </summary>
    public static bool MayTellOfAReturn(this Signal? signal)
        => signal is { Command: null, Event: not (SignalEvent.TransactionCompleted or SignalEvent.TransactionProcessing) };
}
