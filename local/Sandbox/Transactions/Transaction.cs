using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Money;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>States of a transaction (docs/oms-api.md 8); completed and failed are final.</summary>
internal enum TransactionStatus
{
    Processing,
    Completed,
    Failed,
}

/// <summary>Why a transaction failed.</summary>
internal sealed record TransactionError(string Code, string Message, bool Recoverable);

/// <summary>A movement of money: the conversion behind a cash-in, or an accepted quote.</summary>
internal sealed class Transaction(string id, string type, string customerId, string group, DateTimeOffset createdAt) : IListed
{
    public const string FiatToCrypto = "fiatToCrypto";

    public string Id => id;

    public string Type { get; } = type;

    public string CustomerId => customerId;

    /// <summary>The story it belongs to: its cash-in, else itself.</summary>
    public string Group => group;

    public TransactionStatus Status { get; private set; } = TransactionStatus.Processing;

    /// <summary>Only conversions of cash tell one.</summary>
    public string? SubStatus { get; private set; } = type == FiatToCrypto ? "fundsPulled" : null;

    public string? CashInId { get; init; }

    public string? QuoteId { get; init; }

    public string? RecipientCustomerId { get; init; }

    public required TransactionSide Source { get; init; }

    public required TransactionSide Destination { get; init; }

    public required Rates Rates { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public string? TxHash { get; private set; }

    public TransactionError? Error { get; private set; }

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    public DateTimeOffset? CompletedAt { get; private set; }

    public int Version { get; private set; } = 1;

    public static bool CanMove(TransactionStatus from, TransactionStatus to) => from == TransactionStatus.Processing && to != TransactionStatus.Processing;

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
        Id, "transaction", Type, Status.ToString().ToLowerInvariant(), SubStatus, CashInId, QuoteId, CustomerId, RecipientCustomerId, Role(viewer),
        Source, TxHash is null ? Destination : Destination with { TxHash = TxHash }, Rates, true, "0", Metadata, CreatedAt, UpdatedAt, CompletedAt, Error);

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
        (Status, SubStatus, UpdatedAt) = (to, SubStatus is null ? null : subStatus, now);
        Version++;
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
    public string? TxHash { get; init; }
}

/// <summary>The transaction object (docs/oms-api.md 8). Members that do not apply, or not yet, are absent.</summary>
internal sealed record TransactionView(
    string Id, string Object, string Type, string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SubStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CashInId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? QuoteId,
    string SenderCustomerId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RecipientCustomerId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role,
    TransactionSide Source, TransactionSide Destination, Rates Rates, bool SponsorGas, string SponsorGasCost,
    IReadOnlyDictionary<string, string> Metadata, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? CompletedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TransactionError? Error);
