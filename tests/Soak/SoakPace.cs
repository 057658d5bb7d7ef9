using System.Globalization;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Soak;

/// <summary>Hours become seconds: the settings of sandbox and app that make a journey short enough to play a thousand of them.</summary>
internal sealed record SoakPace
{
    /// <summary>For the soak: room for a kill in every phase.</summary>
    public static SoakPace Soak { get; } = new();

    /// <summary>For a test that has a minute.</summary>
    public static SoakPace Quick { get; } = new()
    {
        CodeLifetime = TimeSpan.FromSeconds(5),
        GraceTime = TimeSpan.FromSeconds(4),
        Poll = TimeSpan.FromSeconds(2),
        GiveUpAfter = TimeSpan.FromSeconds(15),
        SettlementAlarm = TimeSpan.FromSeconds(3),
        SettlementLimit = TimeSpan.FromSeconds(6),
        SlowConversion = TimeSpan.FromSeconds(9),
        LateWebhook = TimeSpan.FromSeconds(5),
        Look = TimeSpan.FromMilliseconds(500),
        LongestPatience = TimeSpan.FromSeconds(3),
        AttemptTimeout = TimeSpan.FromSeconds(1.5),
    };

    /// <summary>Of a deposit code.</summary>
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>In which a run-out code can be revived.</summary>
    public TimeSpan GraceTime { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How often the app asks for what no webhook told.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long OMS may take to decide on an applicant.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>When a conversion is overdue.</summary>
    public TimeSpan SettlementAlarm { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>When an operator has to look.</summary>
    public TimeSpan SettlementLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A slow conversion takes longer than that, and completes all the same.</summary>
    public TimeSpan SlowConversion { get; init; } = TimeSpan.FromSeconds(22);

    /// <summary>How much later a delayed webhook comes, and how long one is held to change the order.</summary>
    public TimeSpan LateWebhook { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How often a player looks at the journey.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>People are late by up to this.</summary>
    public TimeSpan LongestPatience { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>One attempt of a call; an answer that is slow on purpose takes longer.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan SlowAnswer => AttemptTimeout + TimeSpan.FromSeconds(1);

    public MachineSettings ToSettings() => new()
    {
        Sandbox = new Dictionary<string, string>
        {
            ["Sandbox:RateLimit"] = "0",
            ["Sandbox:CodeLifetime"] = Text(CodeLifetime),
            ["Sandbox:ExpirySweep"] = "00:00:01",
            ["Sandbox:EndorsementDelay"] = "00:00:01",
            ["Sandbox:ConversionDelay"] = "00:00:02",
            ["Sandbox:RetrySchedule"] = "00:00:00,00:00:01,00:00:01,00:00:02,00:00:02,00:00:05,00:00:05,00:00:10,00:00:10,00:00:20",
        },
        App = new Dictionary<string, string>
        {
            ["Oms:AttemptTimeout"] = Text(AttemptTimeout),
            ["Oms:TotalTimeout"] = "00:00:20",
            ["Oms:RetryDelay"] = "00:00:00.2",
            // A quarter of all calls fails here: with the usual ten seconds the circuit would hardly ever be closed.
            ["Oms:BreakDuration"] = "00:00:00.5",
            ["Onboarding:Poll"] = Text(Poll),
            ["Onboarding:GiveUpAfter"] = Text(GiveUpAfter),
            ["CashIns:MaxRefreshRounds"] = "1",
            ["CashIns:GraceTime"] = Text(GraceTime),
            ["CashIns:DepositPoll"] = Text(Poll),
            ["CashIns:SettlementPoll"] = "00:00:02",
            ["CashIns:SettlementAlarm"] = Text(SettlementAlarm),
            ["CashIns:SettlementLimit"] = Text(SettlementLimit),
            ["Ledger:SettleWithin"] = "00:01:00",
            ["Webhooks:DeadLetterAfter"] = "00:01:00",
        },
    };

    public static string Text(TimeSpan span) => span.ToString("c", CultureInfo.InvariantCulture);
}
