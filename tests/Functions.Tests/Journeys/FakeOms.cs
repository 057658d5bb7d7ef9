using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>OMS and the ledger as the orchestrators see them, in memory: what the activities would do, on the host's clock.</summary>
internal sealed class FakeOms(TimeSpan codeLifetime)
{
    public const string CustomerId = "cst_1";
    public const string CashInId = "ci_1";
    public const string TransactionId = "txn_1";

    private readonly Lock _lock = new();
    private readonly HashSet<string> _keys = [];
    private DateTimeOffset _expiresAt;

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public string Endorsement { get; set; } = "ACTIVE";

    public string EndorsementAfterSupply { get; set; } = "ACTIVE";

    public CashInStatus CashIn { get; set; } = CashInStatus.Pending;

    public TransactionStatus? Transaction { get; set; }

    public Refusal? CreateRefusal { get; set; }

    public bool RefreshConflicts { get; set; }

    /// <summary>A call that fails the first time as if OMS were down.</summary>
    public string? FailOnce { get; set; }

    public List<string> Calls { get; } = [];

    public List<Settlement> Ledger { get; } = [];

    public int Rounds { get; private set; }

    public FakePayouts Payouts => field ??= new FakePayouts(codeLifetime, () => Clock.GetUtcNow(), Note);

    public OmsAnswer<CustomerSnapshot> CreateCustomer() => Customer(nameof(OnboardingActivities.CreateCustomer));

    public OmsAnswer<CustomerSnapshot> ReadCustomer() => Customer(nameof(OnboardingActivities.ReadCustomer));

    public OmsAnswer<CustomerSnapshot> UpdateCustomer()
    {
        Endorsement = EndorsementAfterSupply;
        return Customer(nameof(OnboardingActivities.UpdateCustomer));
    }

    public OmsAnswer<WalletState> ProvisionWallet()
    {
        Note(nameof(OnboardingActivities.ProvisionWallet));
        return new WalletState("wlt_1", "0x1", "usdc", "polygon");
    }

    public OmsAnswer<CashInSnapshot> CreateCashIn()
    {
        Note(nameof(CashInActivities.CreateCashIn));
        _expiresAt = Clock.GetUtcNow() + codeLifetime;
        return CreateRefusal is { } refusal ? refusal : Snapshot();
    }

    public OmsAnswer<CashInSnapshot> RefreshCashIn(RefreshCashInRequest request)
    {
        Note($"{nameof(CashInActivities.RefreshCashIn)}:{request.Round}");
        lock (_lock)
        {
            if (RefreshConflicts || CashIn is CashInStatus.Processing or CashInStatus.Completed or CashInStatus.Failed)
                return new Refusal("invalid_state", 409, [], null);

            // The same key answers what it answered before: no new code, the trap of a re-used round.
            if (_keys.Add($"refresh-{request.Round}"))
            {
                Rounds++;
                CashIn = CashInStatus.Pending;
                _expiresAt = Clock.GetUtcNow() + codeLifetime;
            }

            return Snapshot();
        }
    }

    public CashInSnapshot BookAndCloseIfSettled()
    {
        Note(nameof(CashInActivities.BookAndCloseIfSettled));
        lock (_lock)
        {
            if (CashIn == CashInStatus.Pending && Clock.GetUtcNow() >= _expiresAt)
                CashIn = CashInStatus.Expired;
            if (CashIn != CashInStatus.Completed || Transaction != TransactionStatus.Completed)
                return Snapshot();

            var settlement = new Settlement(TransactionId, CashInId, CustomerId, 120.00m, 2.30m, 117.70m, "usdc", "polygon", null, Clock.GetUtcNow(), "test");
            if (Ledger.Count == 0)
                Ledger.Add(settlement);
            return Snapshot() with { Booked = Ledger[0], Closed = true };
        }
    }

    public void Close() => Note(nameof(JourneyActivities.CloseJourney));

    public void PayIn() => Set(CashInStatus.Processing, TransactionStatus.Processing);

    public void Settle() => Set(CashInStatus.Completed, TransactionStatus.Completed);

    public void Set(CashInStatus cashIn, TransactionStatus? transaction)
    {
        lock (_lock)
            (CashIn, Transaction) = (cashIn, transaction);
    }

    private CashInSnapshot Snapshot() => new(
        CashInId, CashIn, CashIn == CashInStatus.Failed ? "provider_order_failed" : null,
        new DepositState($"CODE {Rounds}", _expiresAt, "Store", "Street", 0, 0), Transaction is null ? null : TransactionId)
    {
        Transaction = Transaction,
    };

    private CustomerSnapshot Customer(string call)
    {
        Note(call);
        string[] issues = Endorsement == "ISSUES" ? ["residentialAddress"] : [];
        return new(CustomerId, [.. CustomerSnapshot.Needed.Select(name => new EndorsementState(name, Endorsement, issues, [], []))]);
    }

    private void Note(string call)
    {
        lock (_lock)
            Calls.Add(call);
        if (FailOnce == call)
        {
            FailOnce = null;
            throw new OmsException("OMS is down.") { Code = "provider_unavailable" };
        }
    }
}
