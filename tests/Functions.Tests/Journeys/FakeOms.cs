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

    /// <summary>What arrives in the end.</summary>
    public decimal Net { get; init; } = 117.70m;

    public int Rounds { get; private set; }

    public FakePayouts Payouts => field ??= new FakePayouts(codeLifetime, () => Clock.GetUtcNow());

    /// <summary>Until then no call gets an answer.</summary>
    public DateTimeOffset SilentUntil { get; set; }

    /// <summary>The only call that gets no answer until then; all of them, when left out.</summary>
    public string? SilentCall { get; set; }

    /// <summary>How long OMS asks to wait while it is silent.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>A call that throws, as a fault of the app's own does, for as long as it is set.</summary>
    public string? Broken { get; set; }

    /// <summary>Fields in which the settled money is not what was asked for.</summary>
    public IReadOnlyList<string> Differences { get; set; } = [];

    public Task<OmsAnswer<CustomerSnapshot>> CreateCustomer() => AnswerAsync(nameof(OnboardingActivities.CreateCustomer), Customer);

    public Task<OmsAnswer<CustomerSnapshot>> ReadCustomer() => AnswerAsync(nameof(OnboardingActivities.ReadCustomer), Customer);

    public Task<OmsAnswer<CustomerSnapshot>> UpdateCustomer() => AnswerAsync(nameof(OnboardingActivities.UpdateCustomer), () =>
    {
        Endorsement = EndorsementAfterSupply;
        return Customer();
    });

    public Task<OmsAnswer<WalletState>> ProvisionWallet()
        => AnswerAsync<WalletState>(nameof(OnboardingActivities.ProvisionWallet), () => new WalletState("wlt_1", "0x1", "usdc", "polygon"));

    public Task<OmsAnswer<CashInSnapshot>> CreateCashIn() => AnswerAsync<CashInSnapshot>(nameof(CashInActivities.CreateCashIn), () =>
    {
        _expiresAt = Clock.GetUtcNow() + codeLifetime;
        return CreateRefusal is { } refusal ? refusal : Snapshot();
    });

    public Task<OmsAnswer<CashInSnapshot>> RefreshCashIn(RefreshCashInRequest request)
        => AnswerAsync($"{nameof(CashInActivities.RefreshCashIn)}:{request.Round}", () => Refresh(request));

    private OmsAnswer<CashInSnapshot> Refresh(RefreshCashInRequest request)
    {
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

    public Task<OmsAnswer<CashInSnapshot>> BookAndCloseIfSettled()
        => AnswerAsync<CashInSnapshot>(nameof(CashInActivities.BookAndCloseIfSettled), () => Book());

    private CashInSnapshot Book()
    {
        lock (_lock)
        {
            if (CashIn == CashInStatus.Pending && Clock.GetUtcNow() >= _expiresAt)
                CashIn = CashInStatus.Expired;
            if (CashIn != CashInStatus.Completed || Transaction != TransactionStatus.Completed)
                return Snapshot();
            if (Differences.Count > 0)
                return Snapshot() with { Differences = Differences };

            var settlement = new Settlement(
                TransactionId, CashInId, CustomerId, Net + 2.30m, 2.30m, Net, "usdc", "polygon", null, Clock.GetUtcNow(), "test");
            if (Ledger.Count == 0)
                Ledger.Add(settlement);
            return Snapshot() with { Booked = Ledger[0], Closed = true };
        }
    }

    public void Close()
    {
        lock (_lock)
            Calls.Add(nameof(JourneyActivities.CloseJourney));
    }

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

    private OmsAnswer<CustomerSnapshot> Customer()
    {
        string[] issues = Endorsement == "ISSUES" ? ["residentialAddress"] : [];
        return new CustomerSnapshot(
            CustomerId, [.. CustomerSnapshot.Needed.Select(name => new EndorsementState(name, Endorsement, issues, [], []))]);
    }

    /// <summary>Notes a call and answers it, unless OMS is silent.</summary>
    public Task<OmsAnswer<T>> AnswerAsync<T>(string call, Func<OmsAnswer<T>> answer)
        where T : class
        => OmsAnswer.AskAsync(() =>
        {
            Note(call);
            return Task.FromResult(answer());
        });

    private void Note(string call)
    {
        lock (_lock)
            Calls.Add(call);
        if (Broken == call)
            throw new InvalidOperationException("A fault of the app's own.");
        var isSilent = Clock.GetUtcNow() < SilentUntil && (SilentCall is null || call.StartsWith(SilentCall, StringComparison.Ordinal));
        if (FailOnce == call || isSilent)
        {
            if (FailOnce == call)
                FailOnce = null;
            throw OmsOutcome.NoAnswer(new OmsSilence(OmsCause.ServerError, RetryAfter, "GET /cash-ins/{id}", 503, RequestId: null));
        }
    }
}
