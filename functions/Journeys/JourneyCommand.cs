namespace OmsWorkflows.Journeys;

/// <summary>A command of a caller or an operator to a running journey.</summary>
/// <param name="Name">Its last path segment, such as <c>cancel</c>; also what its signal is recognised by.</param>
/// <param name="Phases">The phases in which it can do something.</param>
/// <param name="Otherwise">What to tell the caller in any other phase.</param>
public sealed record JourneyCommand(string Name, IReadOnlySet<JourneyPhase> Phases, string Otherwise)
{
    /// <summary>What the answer says of the document it shows, which is from before the command.</summary>
    public string Note { get; init; } = "This is how the journey stood before the command. Read it again in a moment.";

    /// <summary>Whether one endpoint takes it for journeys of any kind.</summary>
    public bool IsForAnyKind { get; init; }

    /// <summary>Asks OMS at once how things stand, whatever pause the journey keeps. Nothing else changes.</summary>
    public static JourneyCommand Ask { get; } = new(
        CommandNames.Ask,
        new HashSet<JourneyPhase>
        {
            JourneyPhase.CreatingCustomer, JourneyPhase.AwaitingEndorsements, JourneyPhase.AwaitingApplicant,
            JourneyPhase.ProvisioningWallet, JourneyPhase.CreatingCashIn, JourneyPhase.AwaitingDeposit, JourneyPhase.AwaitingSettlement,
            JourneyPhase.Expired, JourneyPhase.Quoting, JourneyPhase.ExecutingPayout, JourneyPhase.AwaitingPayout,
            JourneyPhase.NeedsReview,
        },
        "OMS can be asked while the journey waits for it.")
    {
        Note = "OMS is asked now. This is how the journey stood before its answer; read it again in a moment.",
        IsForAnyKind = true,
    };

    /// <summary>Ends a journey as far as that can be done.</summary>
    public static JourneyCommand Cancel { get; } = new(
        CommandNames.Cancel,
        new HashSet<JourneyPhase>
        {
            JourneyPhase.AwaitingEndorsements, JourneyPhase.AwaitingApplicant, JourneyPhase.AwaitingDeposit, JourneyPhase.Expired,
            JourneyPhase.AwaitingConfirmation,
        },
        "A journey can be cancelled while it waits for endorsements, for a deposit, for a revival, or for a confirmation. "
            + "Money that moves cannot be called back from here.");

    /// <summary>Accepts the price of a payout.</summary>
    public static JourneyCommand Confirm { get; } = new(
        CommandNames.Confirm,
        new HashSet<JourneyPhase> { JourneyPhase.AwaitingConfirmation },
        "A payout can be confirmed while its quote waits for that.");

    /// <summary>Asks for a fresh deposit code.</summary>
    public static JourneyCommand Refresh { get; } = new(
        CommandNames.Refresh,
        new HashSet<JourneyPhase> { JourneyPhase.AwaitingDeposit, JourneyPhase.Expired },
        "A deposit code can be refreshed while it waits for cash, and for the grace time after it ran out.")
    {
        Note = "The code shown is still the old one, which stops working once the new one is there. Read the journey again in a moment.",
    };

    /// <summary>Says that an operator has found out what became of the money.</summary>
    public static JourneyCommand Resolve { get; } = new(
        CommandNames.Resolve,
        new HashSet<JourneyPhase> { JourneyPhase.NeedsReview },
        "Only a journey that needs a review can be resolved.");

    /// <summary>Says that applicant data was supplied or corrected.</summary>
    public static JourneyCommand Supply { get; } = new(
        CommandNames.Supply,
        new HashSet<JourneyPhase> { JourneyPhase.AwaitingEndorsements, JourneyPhase.AwaitingApplicant },
        "Applicant data can be supplied while OMS reviews the applicant.");

    private static readonly JourneyCommand[] All = [Confirm, Refresh, Ask, Cancel, Supply, Resolve];

    /// <summary>The commands that are possible in a status.</summary>
    public static IEnumerable<JourneyCommand> PossibleIn(JourneyStatus status) => All.Where(command => command.IsPossibleIn(status));

    /// <summary>Whether the command can do something in a status.</summary>
    public bool IsPossibleIn(JourneyStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var overruled = status.CancelRequested && Name is CommandNames.Cancel or CommandNames.Refresh;
        return !status.Ended && Phases.Contains(status.Phase) && !overruled;
    }
}

/// <summary>Names of the commands, for a workflow to match a signal against.</summary>
public static class CommandNames
{
    /// <summary>Ask OMS now.</summary>
    public const string Ask = "ask";

    /// <summary>Stop, as far as that is possible.</summary>
    public const string Cancel = "cancel";

    /// <summary>Go on with the price that was shown; the signal's argument is the quote's id.</summary>
    public const string Confirm = "confirm";

    /// <summary>Make a new deposit code.</summary>
    public const string Refresh = "refresh";

    /// <summary>An operator settled what the journey could not know.</summary>
    public const string Resolve = "resolve";

    /// <summary>Applicant data was supplied or corrected: look again.</summary>
    public const string Supply = "applicant";
}
