namespace OmsWorkflows.Oms;

/// <summary>Settings of the OMS client, section <c>Oms</c>; checked when the app starts.</summary>
public sealed class OmsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Oms";

    /// <summary>
    /// Scheme, host and port of OMS without the version, such as <c>https://sandbox-api.polygon.technology</c> (docs/oms-api.md 1).
    /// </summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Version in the path.</summary>
    public string ApiVersion { get; set; } = "v0.9";

    /// <summary>Key identifier. Secret.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Key secret. Secret.</summary>
    public string ApiSecret { get; set; } = "";

    /// <summary>How long one attempt may take, until the last byte of its answer.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call may take: with all its attempts, the waits between them, and the wait for an access token.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How often a failed attempt is repeated. Few: journeys try again by themselves.</summary>
    public int RetryAttempts { get; set; } = 2;

    /// <summary>Wait before the first repetition; doubles, with jitter, unless OMS says how long.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait between two attempts. A longer <c>Retry-After</c> goes to the caller, who has durable timers.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long no call is made after too many failed.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether OMS lets the key use virtual accounts, which is early access (docs/oms-api.md 8.1). Bank money is booked without it too.
    /// </summary>
    public bool VirtualAccounts { get; set; }

    /// <summary>How long the exchange all calls wait for may take: less than a call, or they would end without knowing why.</summary>
    internal TimeSpan ExchangeTimeout
        => TimeSpan.FromTicks(Math.Min(2 * AttemptTimeout.Ticks, (AttemptTimeout.Ticks + TotalTimeout.Ticks) / 2));
}
