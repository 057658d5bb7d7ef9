using System.ComponentModel.DataAnnotations;

namespace OmsWorkflows.Oms;

/// <summary>Settings of the OMS client, section <c>Oms</c>; checked when the app starts.</summary>
public sealed class OmsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Oms";

    /// <summary>The version whose forms the client knows best (docs/oms-api.md 1).</summary>
    public const string DefaultApiVersion = "v0.9";

    /// <summary>Enough for two waits of a few seconds each and what OMS limits for a moment.</summary>
    public const int DefaultRetryAttempts = 4;

    /// <summary>OMS answers within seconds, or not at all.</summary>
    public static readonly TimeSpan DefaultAttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Room for all attempts and the waits between them.</summary>
    public static readonly TimeSpan DefaultTotalTimeout = TimeSpan.FromSeconds(45);

    /// <summary>Short: most faults of a moment are over by then.</summary>
    public static readonly TimeSpan DefaultRetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Longer waits are better slept through in a durable timer.</summary>
    public static readonly TimeSpan DefaultMaxRetryAfter = TimeSpan.FromSeconds(15);

    /// <summary>Long enough to let OMS recover, short enough not to be noticed.</summary>
    public static readonly TimeSpan DefaultBreakDuration = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Scheme, host and port of OMS without the version, such as <c>https://sandbox-api.polygon.technology</c> (docs/oms-api.md 1).
    /// </summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Version in the path.</summary>
    [Required(ErrorMessage = "Oms:ApiVersion is missing.")]
    [RegularExpression(@"^v\d+\.\d+$", ErrorMessage = "Oms:ApiVersion must look like v0.9.")]
    public string ApiVersion { get; set; } = DefaultApiVersion;

    /// <summary>Key identifier. Secret.</summary>
    [Required(ErrorMessage = "Oms:ApiKey is missing.")]
    public string ApiKey { get; set; } = "";

    /// <summary>Key secret. Secret.</summary>
    [Required(ErrorMessage = "Oms:ApiSecret is missing.")]
    public string ApiSecret { get; set; } = "";

    /// <summary>How long one attempt may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00", ErrorMessage = "Oms:AttemptTimeout must be between 10 ms and 10 minutes.")]
    public TimeSpan AttemptTimeout { get; set; } = DefaultAttemptTimeout;

    /// <summary>How long a call may take with all its attempts.</summary>
    public TimeSpan TotalTimeout { get; set; } = DefaultTotalTimeout;

    /// <summary>How often a failed attempt is repeated.</summary>
    [Range(1, 10, ErrorMessage = "Oms:RetryAttempts must be 1 to 10.")]
    public int RetryAttempts { get; set; } = DefaultRetryAttempts;

    /// <summary>Wait before the first repetition; doubles, with jitter, unless OMS says how long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "Oms:RetryDelay must be between 0 and a minute.")]
    public TimeSpan RetryDelay { get; set; } = DefaultRetryDelay;

    /// <summary>
    /// Longest <c>Retry-After</c> that is waited out inside a call; a longer one goes to the caller, who has durable timers.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "Oms:MaxRetryAfter must be between 0 and 10 minutes.")]
    public TimeSpan MaxRetryAfter { get; set; } = DefaultMaxRetryAfter;

    /// <summary>How long no call is made after too many failed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00", ErrorMessage = "Oms:BreakDuration must be between half a second and 10 minutes.")]
    public TimeSpan BreakDuration { get; set; } = DefaultBreakDuration;
}
