using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>One fault: what it does, to what, how often.</summary>
internal sealed record FaultRule(FaultKind Fault, FaultMatch Match)
{
    public string Id { get; init; } = "";

    /// <summary>The rule as it was entered.</summary>
    public required RawJson Entered { get; init; }

    /// <summary>It concerns webhooks, not calls; only for kinds that can strike both.</summary>
    public bool OfWebhooks { get; init; }

    /// <summary>How often it still strikes; null without end.</summary>
    public int? Times { get; init; }

    /// <summary>How many matches it lets pass before the first strike.</summary>
    public int Skip { get; init; }

    /// <summary>How long it is in force, in business time; null without end.</summary>
    public TimeSpan? Lasts { get; init; }

    /// <summary>How likely it strikes when it matches.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Makes the throws of this rule repeatable.</summary>
    public int Seed { get; init; }

    public int? Status { get; init; }

    public string? Code { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Tells <see cref="RetryAfter"/> as a date instead of a number of seconds.</summary>
    public bool RetryAfterAsDate { get; init; }

    /// <summary>Strikes once the effect is stored.</summary>
    public bool After { get; init; }

    public TimeSpan? Delay { get; init; }

    /// <summary>For <see cref="FaultKind.Stall"/>: how many bytes of the body are sent first.</summary>
    public int Bytes { get; init; }

    /// <summary>For <see cref="FaultKind.Stall"/>: the whole body goes in pieces of <see cref="Bytes"/>, with a wait after each.</summary>
    public bool Drip { get; init; }

    /// <summary>For <see cref="FaultKind.Stall"/>: close the connection instead of sending the rest.</summary>
    public bool Cut { get; init; }

    /// <summary>For <see cref="FaultKind.Answer"/>: what is sent.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Headers to set; an empty text takes one away.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<JsonEdit> Edits { get; init; } = [];

    /// <summary>For <see cref="FaultKind.Garble"/>: starts the body with a byte order mark.</summary>
    public bool Bom { get; init; }

    /// <summary>For <see cref="FaultKind.Garble"/>: how much of the body is left.</summary>
    public int? Truncate { get; init; }

    /// <summary>For <see cref="FaultKind.Duplicate"/>: how many more times it is sent.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>For <see cref="FaultKind.Reorder"/>: the event it has to come after; null for any of the same story.</summary>
    public string? Behind { get; init; }

    public bool Recoverable { get; init; }

    /// <summary>Ends the waits of this rule when it is taken back.</summary>
    public CancellationToken TakenBack { get; init; }
}
