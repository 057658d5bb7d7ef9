using System.ComponentModel.DataAnnotations;

namespace OmsWorkflows.Http;

/// <summary>How many requests are served at a time; section <c>Http</c>. Checked when the app starts.</summary>
public sealed class BackPressureOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Http";

    /// <summary>
    /// At 50 ms a request that is 3,000 a second, and its connections fit beside all others into 1,024 open files (docs/operations.md,
    /// "Bounds").
    /// </summary>
    public const int DefaultMaxRequests = 150;

    /// <summary>Requests that are served at a time by one instance; one more is refused at once.</summary>
    [Range(1, 10_000, ErrorMessage = "Http:MaxRequests must be between 1 and 10000.")]
    public int MaxRequests { get; set; } = DefaultMaxRequests;
}
