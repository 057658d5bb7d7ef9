using System.Text.Json;
using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Locations;
using OmsWorkflows.Local.Sandbox.Money;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>States of a transaction (docs/oms-api.md 8); completed and failed are final, but for money that comes back.</summary>
internal enum TransactionStatus
{
    Processing,

    /// <summary>Held until somebody decides; only v0.11 tells it.</summary>
    AwaitingAction,

    /// <summary>Cash lies ready at a store.</summary>
    CashPickupReady,

    Completed,
    Failed,
}

/// <summary>Why a transaction failed.</summary>
internal sealed record TransactionError(string Code, string Message, bool Recoverable);

/// <summary>A movement of money: the conversion behind a cash-in, or an accepted quote.</summary>
internal sealed class Transaction(string id, string type, string customerId, string group, DateTimeOffset createdAt) : IListed
{
    public const string FiatToCrypto = "fiatToCrypto";
    public const string CryptoToFiat = "cryptoToFiat";
    public const string CryptoToCrypto = "cryptoToCrypto";

    private Action<bool>? _decide;

    public string Id => id;

    public string Type { get; } = type;

    public string CustomerId => customerId;

    /// <summary>The story it belongs to: its cash-in, else itself.</summary>
    public string Group => group;

    public TransactionStatus Status { get; private set; } = TransactionStatus.Processing;

    /// <summary>Only what comes in as fiat, or goes out as cash, tells one.</summary>
    public string? SubStatus { get; private set; } = type == FiatToCrypto ? "fundsPulled" : null;

    public string? CashInId { get; init; }

    public string? VirtualAccountId { get; init; }

    public string? DepositAddressId { get; init; }

    /// <summary>By which rail fiat came in, for bank deposits.</summary>
    public string? PaymentRail { get; init; }

    public string? QuoteId { get; init; }

    public string? RecipientCustomerId { get; init; }

    public required TransactionSide Source { get; init; }

    public required TransactionSide Destination { get; init; }

    public required Rates Rates { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public string? TxHash { get; private set; }

    public CashPickup? Pickup { get; private set; }

    public TransactionError? Error { get; private set; }

    /// <summary>Cash that nobody collected was given back by hand.</summary>
    public bool Refunded { get; set; }

    /// <summary>Compliance holds it.</summary>
    public bool IsHeld => _decide is not null;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    public DateTimeOffset? CompletedAt { get; private set; }

    public int Version { get; private set; } = 1;

    /// <summary>
    /// The moves of docs/oms-api.md 8. What is completed fails only when the money comes back: a bank returns it.
    /// </summary>
    public static bool CanMove(TransactionStatus from, TransactionStatus to) => (from, to) switch
    {
        (TransactionStatus.Processing, not TransactionStatus.Processing) => true,
        (TransactionStatus.AwaitingAction, TransactionStatus.Processing or TransactionStatus.Failed) => true,
        (TransactionStatus.CashPickupReady, TransactionStatus.Completed or TransactionStatus.Failed) => true,
        (TransactionStatus.Completed, TransactionStatus.Failed) => true,
        _ => false,
    };

    /// <summary>Stops it until somebody decides. The status says so only in later versions.</summary>
    public void Hold(bool told, DateTimeOffset now, Action<bool> whenDecided)
    {
        _decide = whenDecided;
        if (told)
            Move(TransactionStatus.AwaitingAction, "complianceHold", now);
    }

    /// <summary>Ends the hold; what comes back is to be told the decision.</summary>
    public Action<bool> Release(DateTimeOffset now)
    {
        if (_decide is not { } whenDecided)
            throw ApiException.InvalidState("The transaction is not held.", WireName(Status));
        _decide = null;
        if (Status == TransactionStatus.AwaitingAction)
            Move(TransactionStatus.Processing, "fundsPulled", now);
        return whenDecided;
    }

    public void ReadyForPickup(CashPickup pickup, DateTimeOffset now)
    {
        Move(TransactionStatus.CashPickupReady, "cashPickupReady", now);
        Pickup = pickup;
    }

    public void Complete(string? txHash, DateTimeOffset now)
    {
        Move(TransactionStatus.Completed, "settled", now);
        (TxHash, CompletedAt) = (txHash, now);
    }

    public void Fail(TransactionError error, string subStatus, DateTimeOffset now)
    {
        Move(TransactionStatus.Failed, subStatus, now);
        Error = error;
    }

    /// <summary>The object as one customer sees it: <c>role</c> is only told from a viewpoint.</summary>
    public TransactionView View(string? viewer = null) => new(
        Id, "transaction", Type, WireName(Status), SubStatus, CashInId, VirtualAccountId, DepositAddressId, QuoteId, CustomerId,
        RecipientCustomerId, Role(viewer), Source, TxHash is null ? Destination : Destination with { TxHash = TxHash }, Rates,
        PaymentRail, Pickup?.View(), true, "0", Metadata,
        CreatedAt, UpdatedAt, CompletedAt, Error);

    public static string WireName(TransactionStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private string? Role(string? viewer) => (CustomerId == viewer, RecipientCustomerId == viewer) switch
    {
        _ when viewer is null => null,
        (true, true) => "both",
        (true, false) => "sender",
        (false, true) => "recipient",
        _ => null,
    };

    private void Move(TransactionStatus to, string subStatus, DateTimeOffset now)
    {
        if (!CanMove(Status, to))
            throw new InvalidOperationException($"Transaction {Id} cannot go from {Status} to {to}.");
        (Status, UpdatedAt) = (to, now);
        if (SubStatus is not null || subStatus.StartsWith("cashPickup", StringComparison.Ordinal))
            SubStatus = subStatus;
        Version++;
        if (to is TransactionStatus.Completed or TransactionStatus.Failed)
            _decide = null;
    }
}

/// <summary>One side of a quote or transaction.</summary>
internal sealed record TransactionSide(string Asset, string Network, string AmountGross, string AmountNet, Fees FeesDeducted)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WalletId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TargetWallet? Wallet { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExternalAccountId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CashPlace? Cash { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TxHash { get; init; }
}

/// <summary>The transaction object (docs/oms-api.md 8). Members that do not apply, or not yet, are absent.</summary>
internal sealed record TransactionView(
    string Id, string Object, string Type, string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SubStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CashInId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? VirtualAccountId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DepositAddressId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? QuoteId,
    string SenderCustomerId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RecipientCustomerId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role,
    TransactionSide Source, TransactionSide Destination, Rates Rates,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PaymentRail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CashPickupView? CashPickup,
    bool SponsorGas, string SponsorGasCost,
    IReadOnlyDictionary<string, string> Metadata, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? CompletedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TransactionError? Error);
