using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Locations;

namespace OmsWorkflows.Local.Sandbox.CashIns;

/// <summary>States of a cash-in (docs/oms-api.md 7.3).</summary>
internal enum CashInStatus
{
    Pending,
    Processing,
    Completed,
    Failed,
    Expired,
}

/// <summary>
/// A cash-in and its moves. A move that is not allowed throws: callers ask <see cref="CanMove"/> first where the outside decides.
/// </summary>
internal sealed class CashIn(
    string id, string customerId, CashLocation location, CashInTarget target, decimal indicated, DateTimeOffset createdAt) : IListed
{
    public string Id => id;

    public string CustomerId => customerId;

    public CashLocation Location => location;

    /// <summary>The location as it was asked for.</summary>
    public required CashPlace Place { get; init; }

    public CashInTarget Target => target;

    public decimal Indicated => indicated;

    public string? Email { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public CashInStatus Status { get; private set; } = CashInStatus.Pending;

    public string SubStatus { get; private set; } = "order_reserved";

    public required string Code { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>How often the code was renewed.</summary>
    public int Refreshes { get; private set; }

    /// <summary>What was really paid in; null until then.</summary>
    public decimal? Paid { get; private set; }

    public string? TransactionId { get; private set; }

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    public DateTimeOffset? CompletedAt { get; private set; }

    /// <summary>Rises with every change; events of this cash-in carry it as their sequence.</summary>
    public int Version { get; private set; } = 1;

    public bool Refreshable => Status is CashInStatus.Pending or CashInStatus.Expired;

    /// <summary>
    /// The moves of docs/oms-api.md 7.3: an expired code can be revived, and cash that was scanned in time is taken even after expiry.
    /// </summary>
    public static bool CanMove(CashInStatus from, CashInStatus to) => (from, to) switch
    {
        (CashInStatus.Pending, CashInStatus.Pending or CashInStatus.Processing or CashInStatus.Expired or CashInStatus.Failed) => true,
        (CashInStatus.Expired, CashInStatus.Pending or CashInStatus.Processing or CashInStatus.Failed) => true,
        (CashInStatus.Processing, CashInStatus.Completed or CashInStatus.Failed) => true,
        _ => false,
    };

    public void Refresh(string code, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        Move(CashInStatus.Pending, "order_reserved", now);
        (Code, ExpiresAt, Refreshes) = (code, expiresAt, Refreshes + 1);
    }

    public void Expire(DateTimeOffset now) => Move(CashInStatus.Expired, "cash_deposit_expired", now);

    public void TakeCash(decimal amount, string transactionId, DateTimeOffset now)
    {
        Move(CashInStatus.Processing, "order_reserved", now);
        (Paid, TransactionId) = (amount, transactionId);
    }

    public void FailAtTill(DateTimeOffset now) => Move(CashInStatus.Failed, "cash_deposit_failed", now);

    public void FailConversion(DateTimeOffset now) => Move(CashInStatus.Failed, "provider_order_failed", now);

    public void Complete(DateTimeOffset now)
    {
        Move(CashInStatus.Completed, "settled", now);
        CompletedAt = now;
    }

    private void Move(CashInStatus to, string subStatus, DateTimeOffset now)
    {
        if (!CanMove(Status, to))
            throw new InvalidOperationException($"Cash-in {Id} cannot go from {Status} to {to}.");
        (Status, SubStatus, UpdatedAt) = (to, subStatus, now);
        Version++;
    }
}

/// <summary>Where the bought asset goes: a wallet here, or an address.</summary>
internal sealed record CashInTarget(string Asset, string Network, string? WalletId, string? BlockchainAddress);
