namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>What can go wrong on purpose.</summary>
internal enum FaultKind
{
    /// <summary>API: answer with a status. With <c>after</c>, only once the effect is stored.</summary>
    Status,

    /// <summary>API: close the connection before anything is done.</summary>
    CutBefore,

    /// <summary>API: do it, store it, then close the connection without an answer.</summary>
    CutAfter,

    /// <summary>API: answer late.</summary>
    SlowAnswer,

    /// <summary>Webhook: never send it.</summary>
    Drop,

    /// <summary>Webhook: send it more than once, with the same id.</summary>
    Duplicate,

    /// <summary>Webhook: hold it until another one was sent.</summary>
    Reorder,

    /// <summary>Webhook: send it later.</summary>
    Delay,

    /// <summary>Webhook: sign one attempt with a wrong secret.</summary>
    BadSignature,

    /// <summary>Webhook: take a good answer for none, so that it is sent again.</summary>
    LoseAnswer,

    /// <summary>The store refuses the cash at commit; the cash-in fails without a transaction.</summary>
    FailTill,

    /// <summary>The conversion, or payout, fails after the money was taken.</summary>
    FailConversion,

    /// <summary>The conversion, or payout, takes this long instead of the usual time.</summary>
    SlowConversion,
}

/// <summary>Which calls, events or resources a fault concerns. What is not set matches everything; <c>*</c> stands for any characters.</summary>
internal sealed record FaultMatch
{
    public static FaultMatch Everything { get; } = new();

    public string? Method { get; init; }

    /// <summary>Path without the version, such as <c>/cash-ins/*/refresh</c>.</summary>
    public string? Path { get; init; }

    public string? Event { get; init; }

    public string? CustomerId { get; init; }

    public string? ResourceId { get; init; }

    public string? EndpointId { get; init; }

    public bool Covers(FaultSubject subject) =>
        Covers(Method, subject.Method) && Covers(Path, subject.Path) && Covers(Event, subject.Event)
        && Covers(CustomerId, subject.CustomerId) && Covers(ResourceId, subject.ResourceId) && Covers(EndpointId, subject.EndpointId);

    private static bool Covers(string? pattern, string? text) => pattern is null || (text is not null && Wildcard.Matches(pattern, text));
}

/// <summary>What is about to happen, as faults see it.</summary>
internal sealed record FaultSubject
{
    public string? Method { get; init; }

    public string? Path { get; init; }

    public string? Event { get; init; }

    public string? CustomerId { get; init; }

    public string? ResourceId { get; init; }

    public string? EndpointId { get; init; }
}

/// <summary>One fault: what it does, to what, how often.</summary>
internal sealed record FaultRule(string Id, FaultKind Fault, FaultMatch Match)
{
    /// <summary>How often it still strikes; null without end.</summary>
    public int? Times { get; init; }

    /// <summary>How likely it strikes when it matches.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Makes the throws of this rule repeatable.</summary>
    public int Seed { get; init; }

    public int? Status { get; init; }

    public string? Code { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public bool After { get; init; }

    public TimeSpan? Delay { get; init; }

    /// <summary>For <see cref="FaultKind.Duplicate"/>: how many more times it is sent.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>For <see cref="FaultKind.Reorder"/>: the event it has to come after; null for any of the same story.</summary>
    public string? Behind { get; init; }

    public bool Recoverable { get; init; }
}

/// <summary>Matching with <c>*</c>.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);
}
