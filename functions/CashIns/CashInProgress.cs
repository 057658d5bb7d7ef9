using System.Text.Json.Serialization;
using OmsWorkflows.Storage;

namespace OmsWorkflows.CashIns;

/// <summary>How far a cash-in is; goes along when its journey continues as new.</summary>
public sealed record CashInProgress
{
    /// <summary>What is done next.</summary>
    public CashInStep Step { get; init; }

    /// <summary>What OMS said last; null until the deposit code is made.</summary>
    public CashInSnapshot? CashIn { get; init; }

    /// <summary>What <see cref="CashInSnapshot.ReceivedAt"/> said when the code was made.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>How many refreshes were asked for; the number of the next one is part of its idempotency key.</summary>
    public int Round { get; init; }

    /// <summary>How many of them nobody had asked for by command.</summary>
    public int AutomaticRounds { get; init; }

    /// <summary>
    /// The code that a refresh without an answer was to replace; null when none is open. The same refresh is then sent again.
    /// </summary>
    public string? Refreshing { get; init; }

    /// <summary>Since when the journey waits in this step (UTC); polls thin out from here.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When the journey first heard that cash was taken (UTC); the alarm counts from here.</summary>
    public DateTimeOffset? CashTakenAt { get; init; }

    /// <summary>Until when a code that ran out can be revived (UTC).</summary>
    public DateTimeOffset? GraceEnds { get; init; }
}

/// <summary>The steps of a cash-in.</summary>
[JsonConverter(typeof(KnownNamesConverter<CashInStep>))]
public enum CashInStep
{
    /// <summary>Make the deposit code.</summary>
    CreateCashIn = 0,

    /// <summary>Wait for cash, until the code runs out.</summary>
    AwaitDeposit,

    /// <summary>Ask OMS whether cash came before the code ran out, or how the deposit stands.</summary>
    AskAboutDeposit,

    /// <summary>Get a fresh code.</summary>
    Refresh,

    /// <summary>Wait for a refresh command or late cash.</summary>
    AwaitRevival,

    /// <summary>Ask OMS whether late cash came.</summary>
    AskAboutRevival,

    /// <summary>Wait for the money.</summary>
    AwaitSettlement,

    /// <summary>Ask OMS how the money stands; book it if it is there.</summary>
    AskAboutSettlement,

    /// <summary>A step of a newer version: this one stands still rather than guess (docs/decisions/0011-many-instances.md).</summary>
    Unknown,
}
