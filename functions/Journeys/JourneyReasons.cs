namespace OmsWorkflows.Journeys;

/// <summary>Reasons that every kind of journey can end or stop with, in words, with what can be done.</summary>
internal static class JourneyReasons
{
    /// <summary>Code of a stop for a fault of this app's own.</summary>
    public const string InternalErrorCode = "internal_error";

    /// <summary>Code of a stop because OMS says of money what does not fit what was asked for.</summary>
    public const string MoneyDiffersCode = "money_differs";

    public static JourneyReason ResolvedByOperator { get; } = new(
        "resolved_by_operator", "An operator closed the journey. Should money still settle, it appears as an unclaimed settlement.");

    /// <summary>An operator closed the journey and said what became of the money; null from versions that did not ask.</summary>
    public static JourneyReason Resolved(string? outcome)
        => outcome is null ? ResolvedByOperator : ResolvedByOperator with { Outcome = outcome };

    /// <summary>The orchestration was started past the app.</summary>
    public static JourneyReason NoIntake { get; } = new(
        "no_intake",
        "Nobody asked this app for the journey: its orchestration was started through the management API. Nothing was sent to OMS.");

    public static JourneyReason CancelledAfterFault { get; } = new(
        "cancelled", "Cancelled while a fault of this app kept the journey from going on. No money was on its way.");

    public static JourneyReason InternalError(string errorId) => new(
        InternalErrorCode,
        "A fault of this app keeps the journey from going on. The log names it under the error id. "
            + "It is tried again; mend the cause, or resolve or cancel the journey.")
    {
        ErrorId = errorId,
    };

    public static JourneyReason MoneyDiffers(IReadOnlyList<string> differences) => new(
        MoneyDiffersCode,
        "What OMS says of the money does not fit what was asked for, in the fields named. "
            + "Nothing was booked. Compare both at OMS, then resolve the journey.")
    {
        Fields = differences,
    };
}
