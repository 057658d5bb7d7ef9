using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using OmsWorkflows.Ledger;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Settings of the webhook intake, section <c>Webhooks</c>; checked when the app starts. Secrets may change while it runs.
/// </summary>
public sealed class WebhookOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Webhooks";

    /// <summary>As OMS's own examples have it (docs/oms-api.md 9.3).</summary>
    public const int DefaultToleranceSeconds = 300;

    /// <summary>A journey that is about to listen does so within minutes.</summary>
    public static readonly TimeSpan DefaultDeadLetterAfter = TimeSpan.FromHours(1);

    /// <summary>Well beyond OMS's repetitions and an operator's holiday.</summary>
    public static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(30);

    /// <summary>
    /// Secret that deliveries are signed with. Absent until a subscription exists; deliveries are answered 503 until then. Secret.
    /// </summary>
    public string? CurrentSecret { get; set; }

    /// <summary>Secret of the next endpoint, accepted as well while secrets are rotated. Secret.</summary>
    public string? NextSecret { get; set; }

    /// <summary>Which bytes of a secret are the signing key (docs/oms-api.md 9.3 does not say).</summary>
    [EnumDataType(typeof(SecretKeyMode), ErrorMessage = "Webhooks:KeyMode must be WholeString or HexDecoded.")]
    public SecretKeyMode KeyMode { get; set; } = SecretKeyMode.WholeString;

    /// <summary>How many seconds the signature's time may be off this machine's clock, either way.</summary>
    [Range(1, 3600, ErrorMessage = "Webhooks:ToleranceSeconds must be 1 to 3600.")]
    public int ToleranceSeconds { get; set; } = DefaultToleranceSeconds;

    /// <summary>
    /// Where OMS reaches this app's receiver, such as <c>https://app.example/api/webhooks/oms</c>; what a new subscription registers.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>How long an event may wait for a journey before it is listed as a dead letter.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ErrorMessage = "Webhooks:DeadLetterAfter must be between a minute and 30 days.")]
    public TimeSpan DeadLetterAfter { get; set; } = DefaultDeadLetterAfter;

    /// <summary>
    /// How long events are kept. Longer than OMS repeats a delivery, about three days (docs/oms-api.md 9.3): a late repetition would count
    /// as new.
    /// </summary>
    [Range(typeof(TimeSpan), "4.00:00:00", "366.00:00:00", ErrorMessage = "Webhooks:Retention must be between 4 days and a year.")]
    public TimeSpan Retention { get; set; } = DefaultRetention;
}

/// <summary>Which bytes of a webhook secret are the key of the signature.</summary>
public enum SecretKeyMode
{
    /// <summary>The UTF-8 bytes of the whole secret, <c>whsec_</c> included.</summary>
    WholeString = 0,

    /// <summary>The bytes that the hexadecimal part after <c>whsec_</c> stands for.</summary>
    HexDecoded,
}

/// <summary>Refuses what an attribute cannot judge, by the setting's name, without its value.</summary>
internal sealed class WebhookOptionsValidator(IOptions<LedgerOptions> ledger) : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        string[] failures = [.. Failures(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Failures(WebhookOptions options)
    {
        if (!IsUsable(options.CurrentSecret, options.KeyMode))
            yield return NotUsable("Webhooks:CurrentSecret");
        if (!IsUsable(options.NextSecret, options.KeyMode))
            yield return NotUsable("Webhooks:NextSecret");
        if (!string.IsNullOrEmpty(options.PublicUrl) && !WebhookUrl.IsUsable(options.PublicUrl))
            yield return $"Webhooks:PublicUrl {WebhookUrl.Rule}";
        if (options.Retention < options.DeadLetterAfter || options.Retention < ledger.Value.SettleWithin)
            yield return "Webhooks:Retention must not be shorter than Webhooks:DeadLetterAfter and Ledger:SettleWithin.";
    }

    private static bool IsUsable(string? secret, SecretKeyMode mode)
        => string.IsNullOrEmpty(secret)
            || (SecretText.IsOne(secret) && secret != WebhookSignature.SecretPrefix && WebhookSignature.Key(secret, mode) is not null);

    private static string NotUsable(string setting)
        => $"{setting} must be whsec_ and more, printable and without spaces; hexadecimal digits when Webhooks:KeyMode is HexDecoded.";
}

/// <summary>Addresses OMS can deliver to.</summary>
internal static class WebhookUrl
{
    public const string Rule = "must be an absolute https URL without user or fragment; plain http is only for this machine.";

    public static bool IsUsable(string? text)
        => Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.Fragment.Length == 0;
}
