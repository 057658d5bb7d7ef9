using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Oms;

/// <summary>Refuses settings that cannot work, by name, without their values.</summary>
internal sealed partial class OmsOptionsValidator : IValidateOptions<OmsOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    public ValidateOptionsResult Validate(string? name, OmsOptions options)
    {
        string[] failures = [.. Address(options), .. Times(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Address(OmsOptions options)
    {
        if (!Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return "Oms:BaseUrl must be an absolute https URL, such as https://sandbox-api.polygon.technology.";
        }
        else if (url.Scheme == "http" && !url.IsLoopback)
        {
            yield return "Oms:BaseUrl must be https: plain http is only for a sandbox on this machine.";
        }
        else if (url.AbsolutePath != "/" || url.Query.Length > 0 || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            yield return "Oms:BaseUrl must hold scheme, host and port only; the version goes to Oms:ApiVersion.";
        }

        if (!Version().IsMatch(options.ApiVersion ?? ""))
        {
            yield return "Oms:ApiVersion must look like v0.9.";
        }

        foreach (var (name, value) in ((string, string?)[])[("ApiKey", options.ApiKey), ("ApiSecret", options.ApiSecret)])
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return $"Oms:{name} is missing.";
            }
            else if (!SecretText.IsOne(value))
            {
                yield return $"Oms:{name} must be printable ASCII without spaces or line breaks.";
            }
        }
    }

    private static IEnumerable<string> Times(OmsOptions options)
    {
        if (options.AttemptTimeout < Shortest || options.AttemptTimeout > TimeSpan.FromMinutes(1))
        {
            yield return "Oms:AttemptTimeout must be 10 milliseconds to a minute.";
        }

        if (options.TotalTimeout < options.AttemptTimeout || options.TotalTimeout > TimeSpan.FromMinutes(2))
        {
            yield return "Oms:TotalTimeout must be at least Oms:AttemptTimeout and at most two minutes.";
        }

        if (options.RetryAttempts is < 1 or > 10)
        {
            yield return "Oms:RetryAttempts must be 1 to 10.";
        }

        if (options.RetryDelay < TimeSpan.Zero || options.RetryDelay > TimeSpan.FromSeconds(30))
        {
            yield return "Oms:RetryDelay must be at most 30 seconds.";
        }

        if (options.MaxRetryAfter < TimeSpan.FromMilliseconds(1) || options.MaxRetryAfter > TimeSpan.FromMinutes(1))
        {
            yield return "Oms:MaxRetryAfter must be a millisecond to a minute.";
        }

        if (options.BreakDuration < TimeSpan.FromMilliseconds(500) || options.BreakDuration > TimeSpan.FromMinutes(5))
        {
            yield return "Oms:BreakDuration must be half a second to five minutes.";
        }
    }

    [GeneratedRegex(@"\Av[0-9]{1,4}\.[0-9]{1,4}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Version();
}
