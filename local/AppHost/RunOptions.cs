namespace OmsWorkflows.Local.AppHost;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions
{
    /// <summary>Whether to end after the cash-in.</summary>
    public bool Once { get; init; }

    /// <summary>Whether machines read along.</summary>
    public bool Json { get; init; }

    /// <summary>Whether a cash-in is shown.</summary>
    public bool PlaysDemo { get; init; } = true;

    /// <summary>How long a deposit code lives in the sandbox.</summary>
    public int? CodeLifetimeSeconds { get; init; }

    /// <summary>What keeps orchestrations.</summary>
    public Store Store { get; init; }
}
