using System.Globalization;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>One schedule in progress: what OMS holds of it, on the clock of the engine.</summary>
internal sealed class Case(int number, Schedule schedule, TimeProvider clock)
{
    private const decimal Fee = 2.30m;
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Request, JsonObject Answer)> _answers = [];
    private readonly List<string> _complaints = [];
    private DateTimeOffset _downUntil;
    private readonly HashSet<string> _seen = [];
    private bool _broken;

    public int Number => number;

    public Schedule Schedule => schedule;

    public string InstanceId => $"s{number}";

    public string CustomerId => $"cst_{number}";

    public string CashInId => $"ci_{number}";

    public string TransactionId => $"txn_{number}";

    /// <summary>The transaction of the bank transfer.</summary>
    public string TransferId => $"txn_{number}_bank";

    /// <summary>Different for every case, so that one's money cannot pass for another's.</summary>
    public decimal Net => 100m + (number / 100m);

    /// <summary>What the person pays in: the till's word, before the fee.</summary>
    public decimal Gross => Net + Fee;

    /// <summary>What was seen to be wrong on the way.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>How often OMS was called.</summary>
    public int CallsMade { get; private set; }

    /// <summary>For how long a call that is made now has been getting no answer.</summary>
    public TimeSpan Down => clock.GetUtcNow() < _downUntil ? clock.GetUtcNow() - (_downUntil - AnHour) : TimeSpan.Zero;

    /// <summary>How often a call came again before the time OMS had asked to wait was over.</summary>
    public int CallsTooSoon { get; private set; }

    public DateTimeOffset? CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>One whose wallets cannot be listed has one.</summary>
    public int Wallets { get; private set; } = schedule.Breakage.Where == Calls.ListWallets ? 1 : 0;

    public int CashIns { get; private set; }

    public int Refreshes { get; private set; }

    /// <summary>How often a request was sent again with the same key.</summary>
    public int Replays { get; private set; }

    /// <summary>How often a key came with another body or path.</summary>
    public int KeysReused { get; private set; }

    public DateTimeOffset? CashTakenAt => CreatedAt + Minutes(schedule.Till.CashAt);

    public bool IsSettled => schedule.Till.Settles && Passed(schedule.Till.TransactionDoneAt);

    /// <summary>OMS is called.</summary>
    public void Called()
    {
        lock (_gate)
            CallsMade++;
    }

    /// <summary>Notes what is wrong.</summary>
    public void Complain(string what)
    {
        lock (_gate)
            _complaints.Add(what);
    }

    /// <summary>Whether something is asked for the first time.</summary>
    public bool FirstTime(string what)
    {
        lock (_gate)
            return _seen.Add(what);
    }

    /// <summary>Whether the one thing breaks here and now: <see cref="Harm.None"/> every other time.</summary>
    public Harm Strike(string where)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (schedule.Breakage.Where != where)
                return Harm.None;
            if (now < _downUntil)
                return Again(schedule.Breakage.How);
            if (_broken)
                return Harm.None;

            _broken = true;
            if (schedule.Breakage.LastsAnHour)
                _downUntil = now + AnHour;
            return schedule.Breakage.How switch
            {
                Harm.DownAnHour => Harm.Refused,
                Harm.AnswerLostThenDown => Harm.AnswerLost,
                var how => how,
            };
        }
    }

    private Harm Again(Harm how)
    {
        if (how == Harm.AskedToWait)
            CallsTooSoon++;
        return how is Harm.DownAnHour or Harm.AnswerLostThenDown ? Harm.Refused : how;
    }

    /// <summary>From now on everything works.</summary>
    public void Mend()
    {
        lock (_gate)
            (_broken, _downUntil) = (true, default);
    }

    /// <summary>Does something once per key, as OMS does: the same request gets the first answer again (docs/oms-api.md 3.1).</summary>
    public JsonObject? Once(string key, string request, Func<JsonObject?> effect)
    {
        lock (_gate)
        {
            if (_answers.TryGetValue(key, out var first))
            {
                if (first.Request != request)
                {
                    KeysReused++;
                    return null;
                }

                Replays++;
                return first.Answer;
            }

            var answer = effect();
            if (answer is not null)
                _answers[key] = (request, answer);
            return answer;
        }
    }

    public JsonObject CreateWallet()
    {
        Wallets++;
        return Wallet();
    }

    public JsonObject Wallet()
        => new()
        {
            ["id"] = $"wlt_{number}",
            ["customerId"] = CustomerId,
            ["asset"] = "usdc",
            ["chain"] = "polygon",
            ["status"] = "active",
            ["address"] = "0x1",
        };

    public JsonObject CreateCashIn()
    {
        CashIns++;
        CreatedAt ??= clock.GetUtcNow();
        ExpiresAt = clock.GetUtcNow() + CodeLifetime;
        return CashIn();
    }

    /// <summary>A new code; <see langword="null"/> when cash was taken, which is a conflict.</summary>
    public JsonObject? Refresh()
    {
        if (CashInStatus() is not ("pending" or "expired"))
            return null;
        Refreshes++;
        ExpiresAt = clock.GetUtcNow() + CodeLifetime;
        return CashIn();
    }

    public JsonObject CashIn() => new()
    {
        ["id"] = CashInId,
        ["customerId"] = CustomerId,
        ["status"] = CashInStatus(),
        ["depositInstructions"] = new JsonObject { ["code"] = $"CODE {Refreshes}", ["expiresAt"] = Text(ExpiresAt) },
        ["source"] = HasTransaction ? new JsonObject { ["asset"] = "usd", ["amount"] = Money(Gross) } : null,
        ["destination"] = Destination(),
        ["transactionId"] = HasTransaction ? TransactionId : null,
        ["metadata"] = new JsonObject { ["workflowId"] = InstanceId },
        ["createdAt"] = Text(CreatedAt!.Value),
    };

    public JsonObject Transaction() => new()
    {
        ["id"] = TransactionId,
        ["type"] = "fiatToCrypto",
        ["status"] = TransactionStatus,
        ["cashInId"] = CashInId,
        ["recipientCustomerId"] = CustomerId,
        ["source"] = new JsonObject
        {
            ["asset"] = "usd",
            ["amountGross"] = Money(Gross),
            ["feesDeducted"] = new JsonObject { ["total"] = Money(Fee) },
        },
        ["destination"] = Destination(),
        ["createdAt"] = Text(CashTakenAt!.Value),
        ["completedAt"] = IsSettled ? Text(CreatedAt!.Value + Minutes(schedule.Till.TransactionDoneAt)!.Value) : null,
    };

    /// <summary>A bank transfer that OMS has begun with; in everything but its source it is as the cash-in's.</summary>
    public JsonObject TransferTransaction() => new()
    {
        ["id"] = TransferId,
        ["type"] = "fiatToCrypto",
        ["status"] = TransferStatus,
        ["virtualAccountId"] = $"va_{number}",
        ["senderCustomerId"] = CustomerId,
        ["recipientCustomerId"] = CustomerId,
        ["source"] = new JsonObject
        {
            ["asset"] = "usd",
            ["network"] = "usBank",
            ["amountGross"] = Money(Gross),
            ["feesDeducted"] = new JsonObject { ["total"] = Money(Fee) },
        },
        ["destination"] = new JsonObject
        {
            ["asset"] = "usdc",
            ["network"] = "polygon",
            ["amountNet"] = Money(Net),
            ["wallet"] = new JsonObject { ["id"] = $"wlt_{number}" },
        },
        ["createdAt"] = Text((CreatedAt + Minutes(schedule.Transfer.BeginsAt))!.Value),
        ["updatedAt"] = Text(clock.GetUtcNow()),
    };

    public bool HasTransfer => schedule.Transfer.BeginsAt is { } at && Passed(at);

    private string TransferStatus => schedule.Transfer switch
    {
        { FailedAt: { } failed } when Passed(failed) => "failed",
        { DoneAt: { } done } when Passed(done) => "completed",
        _ => "processing",
    };

    public bool HasTransaction => schedule.Till is { CashAt: { } at, RefusedAtTill: false } && Passed(at);

    private string TransactionStatus
        => !Passed(schedule.Till.TransactionDoneAt) ? "processing" : schedule.Till.TransactionFails ? "failed" : "completed";

    /// <summary>
    /// An estimate until the transaction is completed (docs/oms-api.md 7.2): whoever books it early books the wrong amount.
    /// </summary>
    private JsonObject Destination() => new()
    {
        ["asset"] = "usdc",
        ["network"] = "polygon",
        ["amountNet"] = Money(IsSettled ? Net : 98m),
    };

    private string CashInStatus()
    {
        var till = schedule.Till;
        if (till.CashAt is { } at && Passed(at))
            return !Passed(till.CashInDoneAt) ? "processing" : till.CashInFails ? "failed" : "completed";
        return clock.GetUtcNow() < ExpiresAt ? "pending" : "expired";
    }

    private bool Passed(double minutes)
        => CreatedAt is { } created && !double.IsInfinity(minutes) && clock.GetUtcNow() >= created + TimeSpan.FromMinutes(minutes);

    private static TimeSpan? Minutes(double? minutes) => minutes is { } value ? TimeSpan.FromMinutes(value) : null;

    private static string Money(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
