using OmsWorkflows.Journeys;

namespace OmsWorkflows.Operations;

/// <summary>How the app and its journeys stand, at one look.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Since">From when on journeys that are over are counted.</param>
/// <param name="Complete">Whether all were counted; false when there are more than one look counts.</param>
/// <param name="Health">Whether what the app needs answers.</param>
/// <param name="Journeys">How many there are, by kind and phase: all that run, and those started in the time that are over.</param>
/// <param name="Started">How many cash-ins were started in each hour of the time, oldest first.</param>
/// <param name="PhaseTimes">How long journeys stayed in each phase they have left.</param>
/// <param name="Attention">Some that somebody should look at: the longest waiting first.</param>
/// <param name="Unclaimed">Money that no journey claims.</param>
/// <param name="DeadLetters">Events nobody came for.</param>
public sealed record OverviewReport(
    DateTimeOffset At,
    DateTimeOffset Since,
    bool Complete,
    HealthReport Health,
    IReadOnlyList<JourneyCount> Journeys,
    IReadOnlyList<HourCount> Started,
    IReadOnlyList<PhaseTime> PhaseTimes,
    IReadOnlyList<JourneyGlance> Attention,
    UnclaimedCount Unclaimed,
    CountUpTo DeadLetters);

/// <summary>How many journeys of a kind are in a phase.</summary>
/// <param name="Kind">The kind, such as <c>CashIn</c>.</param>
/// <param name="Phase">Where the journeys stand.</param>
/// <param name="Ended">Whether they are over.</param>
/// <param name="Count">How many.</param>
/// <param name="Overdue">How many of them wait longer than they should.</param>
public sealed record JourneyCount(string Kind, JourneyPhase Phase, bool Ended, int Count, int Overdue);

/// <summary>How many were started in an hour.</summary>
/// <param name="Hour">When it began (UTC).</param>
/// <param name="Count">How many.</param>
public sealed record HourCount(DateTimeOffset Hour, int Count);

/// <summary>How long journeys stay in a phase.</summary>
/// <param name="Phase">Where the journeys stand.</param>
/// <param name="Count">How often one was left.</param>
/// <param name="MedianSeconds">After how many seconds half of them had left it.</param>
public sealed record PhaseTime(JourneyPhase Phase, int Count, int MedianSeconds);

/// <summary>A journey in a line.</summary>
/// <param name="Id">The journey.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="Overdue">Whether it waits longer than it should.</param>
/// <param name="Awaiting">What it waits for.</param>
/// <param name="Reason">Why it is where it is.</param>
public sealed record JourneyGlance(
    string Id, string Kind, JourneyPhase Phase, DateTimeOffset Since, bool Overdue, string? Awaiting, JourneyReason? Reason);

/// <summary>How many there are, counted up to a limit.</summary>
/// <param name="Count">How many were counted.</param>
/// <param name="More">Whether there are more.</param>
public sealed record CountUpTo(int Count, bool More);

/// <summary>Unclaimed settlements, counted up to a limit.</summary>
/// <param name="Count">How many were counted.</param>
/// <param name="More">Whether there are more.</param>
/// <param name="Sums">What they come to, by asset.</param>
public sealed record UnclaimedCount(int Count, bool More, IReadOnlyList<AssetSum> Sums);

/// <summary>An amount.</summary>
/// <param name="Asset">The asset, such as <c>usdc</c>.</param>
/// <param name="Net">How much of it.</param>
public sealed record AssetSum(string Asset, decimal Net);
