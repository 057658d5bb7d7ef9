using OmsWorkflows.Journeys;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.CashIns;

/// <summary>What a signal may mean for a cash-in. It is a hint only: whether it is true, OMS is asked.</summary>
internal static class CashInHints
{
    /// <summary>Cash was taken at the till: from here on money moves.</summary>
    public static bool SaysCashWasTaken(this Signal? signal) => signal is { Event: SignalEvent.TransactionProcessing };

    /// <summary>The deposit may be over, one way or the other.</summary>
    public static bool MayEndTheDeposit(this Signal? signal)
        => signal is { Event: SignalEvent.CashInExpired } || signal.MayEndTheSettlement();

    /// <summary>The money may have arrived, or failed to; or somebody wants OMS to be asked.</summary>
    public static bool MayEndTheSettlement(this Signal? signal) => signal is { Command: CommandNames.Ask } or
    {
        Event: SignalEvent.CashInCompleted or SignalEvent.CashInChanged
            or SignalEvent.TransactionCompleted or SignalEvent.TransactionFailed,
    };

    /// <summary>Nothing that a journey whose code ran out does not know.</summary>
    public static bool IsNoNewsAfterExpiry(this Signal? signal) => signal is
    {
        Command: null,
        Event: SignalEvent.CashInCreated or SignalEvent.CashInExpired or SignalEvent.Unknown,
    };
}
