using System.Text.Json.Serialization;

namespace OmsWorkflows.Webhooks;

/// <summary>The one vocabulary that v0.9 and v0.11 event names map to (docs/oms-api.md 9.4).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignalEvent>))]
public enum SignalEvent
{
    /// <summary>An event this version does not know: stored and acknowledged, delivered to nobody.</summary>
    Unknown = 0,

    /// <summary>A customer's endorsement was granted, rejected, revoked, or needs something.</summary>
    EndorsementChanged,

    /// <summary>A deposit code was made.</summary>
    CashInCreated,

    /// <summary>A deposit code ran out. Not final (docs/oms-api.md 7.3).</summary>
    CashInExpired,

    /// <summary>
    /// A deposit was processed. Not yet a reason to book: the transaction decides (docs/decisions/0008-money-is-booked-once.md).
    /// </summary>
    CashInCompleted,

    /// <summary>Some other change of a cash-in.</summary>
    CashInChanged,

    /// <summary>Money is on its way.</summary>
    TransactionProcessing,

    /// <summary>Money arrived.</summary>
    TransactionCompleted,

    /// <summary>Money did not arrive.</summary>
    TransactionFailed,

    /// <summary>A compliance hold.</summary>
    TransactionUnderReview,

    /// <summary>Some other change of a transaction.</summary>
    TransactionChanged,

    /// <summary>A wallet can be used.</summary>
    WalletProvisioned,

    /// <summary>Tokens were sent to a wallet's address.</summary>
    WalletDepositDetected,

    /// <summary>A saved external account changed.</summary>
    ExternalAccountChanged,

    /// <summary>A counterparty changed.</summary>
    CounterpartyChanged,

    /// <summary>A virtual account changed.</summary>
    VirtualAccountChanged,

    /// <summary>Money moved through a virtual account.</summary>
    VirtualAccountMoved,

    /// <summary>A deposit address changed.</summary>
    DepositAddressChanged,

    /// <summary>Money moved through a deposit address.</summary>
    DepositAddressMoved,

    /// <summary>OMS tries out the endpoint.</summary>
    WebhookTest,
}
