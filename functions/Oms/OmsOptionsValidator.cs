using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Oms;

/// <summary>Refuses settings that cannot work, by name, without their values.</summary>
internal sealed partial class OmsOptionsValidator : IValidateOptions<OmsOptions>
{
    public ValidateOptionsResult Validate(string? name, OmsOptions options)
    {
        string[] failures = [.. Failures(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(OmsOptions options)
    {
        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return "Oms:BaseUrl must be an absolute https URL, such as https://sandbox-api.polygon.technology.";
        else if (url.Scheme == "http" && !url.IsLoopback)
            yield return "Oms:BaseUrl must be https: plain http is only for a sandbox on this machine.";
        else if (url.AbsolutePath != "/" || url.Query.Length > 0 || url.UserInfo.Length > 0)
            yield return "Oms:BaseUrl must hold scheme, host and port only; the version goes to Oms:ApiVersion.";

        if (!Version().IsMatch(options.ApiVersion ?? "")) yield return "Oms:ApiVersion must look like v0.9.";
        if (string.IsNullOrWhiteSpace(options.ApiKey)) yield return "Oms:ApiKey is missing.";
        if (string.IsNullOrWhiteSpace(options.ApiSecret)) yield return "Oms:ApiSecret is missing.";

        if (options.AttemptTimeout <= TimeSpan.Zero) yield return "Oms:AttemptTimeout must be positive.";
        if (options.TotalTimeout < options.AttemptTimeout) yield return "Oms:TotalTimeout must not be shorter than Oms:AttemptTimeout.";
        if (options.RetryAttempts is < 1 or > 10) yield return "Oms:RetryAttempts must be 1 to 10.";
        if (options.RetryDelay < TimeSpan.Zero) yield return "Oms:RetryDelay must not be negative.";
        if (options.MaxRetryAfter < TimeSpan.Zero) yield return "Oms:MaxRetryAfter must not be negative.";
        if (options.BreakDuration < TimeSpan.FromMilliseconds(500)) yield return "Oms:BreakDuration must be at least half a second.";
    }

    [GeneratedRegex(@"^v\d+\.\d+$", RegexOptions.NonBacktracking)]
    private static partial Regex Version();
}
