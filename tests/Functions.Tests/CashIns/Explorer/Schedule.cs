using OmsWorkflows.BankDeposits;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>One course of events: what happens at the till, to the webhooks, on the caller's side, and what breaks.</summary>
internal sealed record Schedule(Till Till, Post Post, Command Command, Breakage Breakage)
{
    private static readonly string[] RacedTills =
    [
        "paid early", "paid just before the end, settled after it", "reported after the end", "never paid", "paid after everything is over",
    ];

    /// <summary>Money that reaches the same customer from a bank meanwhile.</summary>
    public Transfer Transfer { get; init; } = Transfer.None;

    /// <summary>A bank transfer of the very same amount, to the same wallet, races the cash-in.</summary>
    public static IEnumerable<Schedule> WithTransfers()
        => from transfer in Transfer.All
           from till in Till.All
           where RacedTills.Contains(till.Name)
           from post in Enum.GetValues<Post>()
           from breakage in Breakage.OfTransfers
           select new Schedule(till, post, Command.None, breakage) { Transfer = transfer };

    /// <summary>All without a bank transfer.</summary>
    public static IEnumerable<Schedule> All()
        => from till in Till.All
           from post in Enum.GetValues<Post>()
           from command in Enum.GetValues<Command>()
           from breakage in Breakage.All
           where !breakage.IsOfAnswers || post is Post.AsSent or Post.AllLost or Post.LastLost
           select new Schedule(till, post, command, breakage);

    public override string ToString() => $"{Till.Name}, webhooks {Post}, command {Command}, {Breakage}, bank transfer {Transfer.Name}";
}

/// <summary>
/// What happens at the till and after it, in minutes after the deposit code was made. The code lives 60, the grace time is 120.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="CashAt">When cash is taken; never if <see langword="null"/>.</param>
/// <param name="CashInDoneAt">When the cash-in is final.</param>
/// <param name="TransactionDoneAt">When the transaction is final.</param>
/// <param name="CashInFails">Whether the cash-in ends as failed.</param>
/// <param name="TransactionFails">Whether the transaction ends as failed.</param>
internal sealed record Till(
    string Name,
    double? CashAt = null,
    double CashInDoneAt = 0,
    double TransactionDoneAt = 0,
    bool CashInFails = false,
    bool TransactionFails = false)
{
    public static IReadOnlyList<Till> All { get; } =
    [
        new("paid early", 20, 21, 21),
        new("paid before anybody listens", 0, 1, 1),
        new("paid just before the end, settled after it", 59.5, 62, 62),
        new("reported after the end", 60.5, 65, 65),
        new("paid on the refreshed code", 70, 71, 71),
        new("paid in the grace time", 150, 151, 151),
        new("paid after everything is over", 2_000, 2_001, 2_001),
        new("never paid"),
        new("refused at the till", 20, 20, CashInFails: true, TransactionDoneAt: double.PositiveInfinity),
        new("conversion fails", 20, 21, 21, CashInFails: true, TransactionFails: true),
        new("slow conversion", 20, 50, 50),
        new("conversion after the review", 20, 120, 120),
        new("cash-in completed before its transaction", 20, 21, 23),
        new("cash-in completed, transaction fails", 20, 21, 23, TransactionFails: true),
    ];

    /// <summary>The till refused or reversed the deposit: no transaction was ever made.</summary>
    public bool RefusedAtTill => CashInFails && !TransactionFails;

    /// <summary>Whether USDC arrives in the end.</summary>
    public bool Settles => CashAt is not null && !CashInFails && !TransactionFails;

    /// <summary>What OMS announces, and when (docs/oms-api.md 9.5).</summary>
    public IEnumerable<(double At, string Event)> Announcements()
    {
        if (CashAt is null or > 60)
            yield return (60, "cashIn.expired");
        if (CashAt is not { } cashAt || RefusedAtTill)
            yield break;

        yield return (cashAt, "transaction.fiatToCrypto.processing");
        if (!CashInFails)
            yield return (CashInDoneAt, "cashIn.completed");
        yield return (TransactionDoneAt, TransactionFails ? "transaction.fiatToCrypto.failed" : "transaction.fiatToCrypto.completed");
    }
}

/// <summary>
/// What a bank sends to the customer, in minutes after the deposit code was made. No journey waits for it.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="DoneAt">When it became tokens; never if <see langword="null"/>.</param>
/// <param name="FailedAt">When it was taken back, or failed to become tokens; never if <see langword="null"/>.</param>
internal sealed record Transfer(string Name, double? DoneAt = null, double? FailedAt = null)
{
    private const double BegunBefore = 1;

    public static Transfer None { get; } = new("none");

    public static IReadOnlyList<Transfer> All { get; } =
    [
        new("before the cash", 5),
        new("at the moment of the cash", 21),
        new("taken back while the cash settles", 20.5, 21),
        new("taken back after days", 21, 4_000),
        new("never converted", FailedAt: 21),
    ];

    /// <summary>When OMS begins with it; never if <see langword="null"/>.</summary>
    public double? BeginsAt => (DoneAt ?? FailedAt) - BegunBefore;

    /// <summary>Whether its tokens stay with the customer.</summary>
    public bool Stays => DoneAt is not null && FailedAt is null;

    /// <summary>What OMS announces, and when.</summary>
    public IEnumerable<(double At, string Event)> Announcements()
    {
        if (BeginsAt is { } begins)
            yield return (begins, "transaction.fiatToCrypto.processing");
        if (DoneAt is { } done)
            yield return (done, "transaction.fiatToCrypto.completed");
        if (FailedAt is { } failed)
            yield return (failed, "transaction.fiatToCrypto.failed");
    }
}

/// <summary>What becomes of the webhooks on their way.</summary>
internal enum Post
{
    AsSent,
    AllLost,
    EachTwice,
    Backwards,
    TenMinutesLate,
    FirstLost,
    LastLost,
    AnHourLateBackwards,
    BadlySignedFirst,
    StoreDownFirst,
    StoredButUnanswered,
}

/// <summary>What the caller asks for meanwhile.</summary>
internal enum Command
{
    None,
    RefreshWhilePaying,
    CancelEarly,
    RefreshInGrace,
}

/// <summary>What breaks, once.</summary>
/// <param name="Where">An OMS call, an activity or a table.</param>
/// <param name="How">In which way.</param>
internal sealed record Breakage(string Where, Harm How)
{
    private static readonly Harm[] OfAnswers =
        [Harm.Stalled, Harm.Unreadable, Harm.GatewayPage, Harm.ErrorUnderSuccess, Harm.AskedToWait, Harm.MoneyAltered];

    private static readonly string[] Writes = [Calls.CreateWallet, Calls.CreateCashIn, Calls.Refresh];
    private static readonly string[] Reads = [Calls.GetCashIn, Calls.GetTransaction];
    private static readonly string[] Activities =
    [
        nameof(OnboardingActivities.ProvisionWallet), nameof(CashInActivities.CreateCashIn), nameof(CashInActivities.RefreshCashIn),
        nameof(CashInActivities.BookAndCloseIfSettled), nameof(JourneyActivities.CloseJourney),
    ];

    /// <summary>What can break on the way of a bank transfer.</summary>
    public static IReadOnlyList<Breakage> OfTransfers { get; } =
    [
        new("nothing", Harm.None),
        .. from harm in (Harm[])[Harm.DownAnHour, Harm.GatewayPage, Harm.MoneyAltered] select new Breakage(Calls.GetTransaction, harm),
        new(Calls.ListWallets, Harm.ErrorUnderSuccess),
        new("Settlements", Harm.AnswerLost),
        new(nameof(BankDepositActivities.LookAtDeposit), Harm.Crash),
        new(nameof(CashInActivities.BookAndCloseIfSettled), Harm.Crash),
    ];

    public static IReadOnlyList<Breakage> All { get; } =
    [
        new("nothing", Harm.None),
        .. from call in Writes
           from harm in (Harm[])[Harm.AnswerLost, Harm.DownAnHour, Harm.AnswerLostThenDown]
           select new Breakage(call, harm),
        .. from call in Reads select new Breakage(call, Harm.DownAnHour),
        .. from activity in Activities select new Breakage(activity, Harm.Crash),
        .. from table in (string[])["Settlements", "Intakes", "Listeners"] select new Breakage(table, Harm.AnswerLost),
        .. from call in Writes
           from harm in (Harm[])[Harm.Stalled, Harm.Unreadable, Harm.GatewayPage]
           select new Breakage(call, harm),
        .. from call in Reads
           from harm in (Harm[])[Harm.Stalled, Harm.Unreadable, Harm.GatewayPage, Harm.ErrorUnderSuccess, Harm.AskedToWait]
           select new Breakage(call, harm),
        new(Calls.ListWallets, Harm.ErrorUnderSuccess),
        new(Calls.GetTransaction, Harm.MoneyAltered),
    ];

    /// <summary>Whether OMS's answer is what is wrong, and not the connection.</summary>
    public bool IsOfAnswers => OfAnswers.Contains(How);

    /// <summary>Whether it goes on for an hour.</summary>
    public bool LastsAnHour => How is Harm.DownAnHour or Harm.AnswerLostThenDown || (IsOfAnswers && How != Harm.Stalled);

    public override string ToString() => How == Harm.None ? "nothing breaks" : $"{Where} {How}";
}

/// <summary>In which way something breaks.</summary>
internal enum Harm
{
    None,

    /// <summary>An error before anything happened.</summary>
    Refused,

    /// <summary>It happened, and the answer was lost.</summary>
    AnswerLost,

    /// <summary>Errors for an hour.</summary>
    DownAnHour,

    /// <summary>It happened, the answer was lost, and the next hour only brings errors.</summary>
    AnswerLostThenDown,

    /// <summary>It happened, and the answer never ended: the client gave up.</summary>
    Stalled,

    /// <summary>For an hour the answer breaks off in the middle.</summary>
    Unreadable,

    /// <summary>For an hour a firewall answers, with a page and 403.</summary>
    GatewayPage,

    /// <summary>For an hour the answer is an error under 200.</summary>
    ErrorUnderSuccess,

    /// <summary>429, with an hour to wait; whoever comes sooner is counted.</summary>
    AskedToWait,

    /// <summary>For an hour a completed transaction says another amount.</summary>
    MoneyAltered,

    /// <summary>The process dies after the activity's work and before its result is stored: it runs again.</summary>
    Crash,
}

/// <summary>The calls of OMS that matter here.</summary>
internal static class Calls
{
    public const string ListWallets = nameof(ListWallets);
    public const string CreateWallet = nameof(CreateWallet);
    public const string CreateCashIn = nameof(CreateCashIn);
    public const string Refresh = nameof(Refresh);
    public const string GetCashIn = nameof(GetCashIn);
    public const string GetTransaction = nameof(GetTransaction);
}
