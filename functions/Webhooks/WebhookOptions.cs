using Microsoft.Extensions.Options;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Webhooks;

/// <summary>Settings of the webhook intake, section <c>Webhooks</c>; checked when the app starts. Secrets may change while it runs.</summary>
public sealed class WebhookOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Webhooks";

    /// <summary>Secret that deliveries are signed with. Absent until a subscription exists; deliveries are answered 503 until then. Secret.</summary>
    public string? CurrentSecret { get; set; }

    /// <summary>Secret of the next endpoint, accepted as well while secrets are rotated. Secret.</summary>
    public string? NextSecret { get; set; }

    /// <summary>Which bytes of a secret are the signing key (OMS API 9.3 does not say).</summary>
    public SecretKeyMode KeyMode { get; set; } = SecretKeyMode.WholeString;

    /// <summary>How many seconds the signature's time may be off this machine's clock, either way.</summary>
    public int ToleranceSeconds { get; set; } = 300;

    /// <summary>Where OMS reaches this app's receiver, such as <c>https://app.example/api/webhooks/oms</c>; what a new subscription registers.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>How long an event may wait for a journey before it is listed as a dead letter.</summary>
    public TimeSpan DeadLetterAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long events are kept. Longer than OMS repeats a delivery, or a late repetition would count as new.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}

/// <summary>Which bytes of a webhook secret are the key of the signature.</summary>
public enum SecretKeyMode
{
    /// <summary>The UTF-8 bytes of the whole secret, <c>whsec_</c> included.</summary>
    WholeString = 0,

    /// <summary>The bytes that the hexadecimal part after <c>whsec_</c> stands for.</summary>
    HexDecoded,
}

/// <summary>Refuses settings that cannot work, by name, without their values.</summary>
internal sealed class WebhookOptionsValidator(IOptions<LedgerOptions> ledger) : IValidateOptions<WebhookOptions>
{
    /// <summary>OMS repeats for about three days (OMS API 9.3).</summary>
    private static readonly TimeSpan _repetitions = TimeSpan.FromDays(4);

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        string[] failures = [.. Failures(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Failures(WebhookOptions options)
    {
        if (!Enum.IsDefined(options.KeyMode)) yield return "Webhooks:KeyMode must be WholeString or HexDecoded.";
        else
        {
            if (!Usable(options.CurrentSecret, options.KeyMode)) yield return NotHex("Webhooks:CurrentSecret");
            if (!Usable(options.NextSecret, options.KeyMode)) yield return NotHex("Webhooks:NextSecret");
        }
        if (options.ToleranceSeconds is < 1 or > 3600) yield return "Webhooks:ToleranceSeconds must be 1 to 3600.";
        if (!string.IsNullOrEmpty(options.PublicUrl) && !WebhookUrl.IsUsable(options.PublicUrl)) yield return $"Webhooks:PublicUrl {WebhookUrl.Rule}";
        if (options.DeadLetterAfter < TimeSpan.FromMinutes(1)) yield return "Webhooks:DeadLetterAfter must be at least a minute.";
        if (options.Retention < _repetitions || options.Retention < options.DeadLetterAfter || options.Retention < ledger.Value.SettleWithin)
            yield return "Webhooks:Retention must be at least 4 days, and not shorter than Webhooks:DeadLetterAfter and Ledger:SettleWithin.";
    }

    private static bool Usable(string? secret, SecretKeyMode mode) => string.IsNullOrEmpty(secret) || WebhookSignature.Key(secret, mode) is not null;

    private static string NotHex(string setting) => $"{setting} must be whsec_ and hexadecimal digits when Webhooks:KeyMode is HexDecoded.";
}

/// <summary>Addresses OMS can deliver to.</summary>
internal static class WebhookUrl
{
    public const string Rule = "must be an absolute https URL without user or fragment; plain http is only for this machine.";

    public static bool IsUsable(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.UserInfo.Length == 0 && url.Fragment.Length == 0;
}
