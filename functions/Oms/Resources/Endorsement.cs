namespace OmsWorkflows.Oms;

/// <summary>One permission of a customer and the state of its review (docs/oms-api.md 4.2, 4.3).</summary>
public sealed record Endorsement
{
    /// <summary>Needed for every transaction.</summary>
    public const string Basic = "basic";

    /// <summary>Opens custody and wallets.</summary>
    public const string CryptoCustody = "cryptoCustody";

    /// <summary>Opens USD operations, and with them cash.</summary>
    public const string Usd = "usd";

    /// <summary>Which permission; the known ones in the spelling of the constants above, however OMS spelt them.</summary>
    public required string Name { get; init; }

    /// <summary>How far the review is.</summary>
    public EndorsementStatus Status { get; init; }

    /// <summary>The status in OMS's vocabulary, such as <c>REVOKED_ISSUES</c>; as OMS wrote it when that is not known.</summary>
    public string? StatusText { get; init; }

    /// <summary>What is still missing, by field name.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What the review found wrong. OMS's own words: for the person concerned, not for logs.</summary>
    public IReadOnlyList<string> Issues { get; init; } = [];

    /// <summary>Why it was rejected, as machine-readable reasons (<c>developerReason</c>).</summary>
    public IReadOnlyList<string> RejectionReasons { get; init; } = [];
}

/// <summary>States of an endorsement (docs/oms-api.md 4.3).</summary>
public enum EndorsementStatus
{
    /// <summary>A value this client does not know: not granted, still open.</summary>
    Unknown = 0,

    /// <summary>Never asked for.</summary>
    Inactive,

    /// <summary>Under review.</summary>
    Pending,

    /// <summary>The review needs something from the customer.</summary>
    Issues,

    /// <summary>Granted.</summary>
    Active,

    /// <summary>Refused; final unless asked for again.</summary>
    Rejected,

    /// <summary>Taken back until issues are solved.</summary>
    RevokedIssues,

    /// <summary>Taken back for good.</summary>
    Offboarded,
}
