using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using OmsWorkflows.Secrets;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Outbox;

/// <summary>
/// Whom the app tells of milestones, section <c>Notifications</c>; checked when the app starts. Off while no endpoint is set. Secrets may
/// change while it runs.
/// </summary>
public sealed class NotificationOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Notifications";

    /// <summary>A receiver stores what it is told and answers; whatever takes longer than this it does afterwards.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A receiver may be down over a weekend.</summary>
    public static readonly TimeSpan DefaultRetryFor = TimeSpan.FromDays(3);

    /// <summary>As long as events of OMS are kept.</summary>
    public static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(30);

    /// <summary>
    /// The team's own receivers by name, such as <c>Notifications:Endpoints:orders</c> = <c>https://orders.example/oms</c>. What is still
    /// to be told belongs to the name, so an address can change. Each gets every notification.
    /// </summary>
    public Dictionary<string, string> Endpoints { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Signs notifications. Without one nothing is sent, and what is to be told waits. Secret.</summary>
    public string? CurrentSecret { get; set; }

    /// <summary>Signs notifications as well while secrets are rotated. Secret.</summary>
    public string? NextSecret { get; set; }

    /// <summary>How long a receiver may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:30", ErrorMessage = "Notifications:Timeout must be between 1 and 30 seconds.")]
    public TimeSpan Timeout { get; set; } = DefaultTimeout;

    /// <summary>For how long after its milestone a notification is tried again; then it is a dead letter.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "14.00:00:00", ErrorMessage = "Notifications:RetryFor must be at most 14 days.")]
    public TimeSpan RetryFor { get; set; } = DefaultRetryFor;

    /// <summary>For how long after its milestone a notification is kept, so that it can be replayed.</summary>
    [Range(typeof(TimeSpan), "4.00:00:00", "366.00:00:00", ErrorMessage = "Notifications:Retention must be between 4 days and a year.")]
    public TimeSpan Retention { get; set; } = DefaultRetention;

    /// <summary>The endpoints that are set; an empty address is none.</summary>
    internal IReadOnlyDictionary<string, Uri> Receivers => Endpoints
        .Where(endpoint => !string.IsNullOrWhiteSpace(endpoint.Value))
        .ToDictionary(endpoint => endpoint.Key.ToLowerInvariant(), endpoint => new Uri(endpoint.Value), StringComparer.Ordinal);
}

/// <summary>Refuses what an attribute cannot judge, by the setting's name, without its value.</summary>
internal sealed partial class NotificationOptionsValidator : IValidateOptions<NotificationOptions>
{
    public ValidateOptionsResult Validate(string? name, NotificationOptions options)
    {
        string[] failures = [.. Failures(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(NotificationOptions options)
    {
        foreach (var (name, url) in options.Endpoints)
        {
            if (!EndpointName().IsMatch(name))
                yield return "Notifications:Endpoints must have names of up to 30 letters and digits that begin with a letter.";
            if (!string.IsNullOrWhiteSpace(url) && !WebhookUrl.IsUsable(url))
                yield return $"Notifications:Endpoints:{name} {WebhookUrl.Rule}";
        }

        if (!IsUsable(options.CurrentSecret))
            yield return $"Notifications:CurrentSecret {NotificationSecret.Rule}";
        if (!IsUsable(options.NextSecret))
            yield return $"Notifications:NextSecret {NotificationSecret.Rule}";
        if (options.Retention < options.RetryFor)
            yield return "Notifications:Retention must not be shorter than Notifications:RetryFor.";
    }

    private static bool IsUsable(string? secret) => string.IsNullOrEmpty(secret) || NotificationSecret.TryRead(secret, out _);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{0,29}\z", RegexOptions.NonBacktracking)]
    private static partial Regex EndpointName();
}
