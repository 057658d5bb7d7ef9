using Microsoft.Extensions.Options;

namespace OmsWorkflows.Oms;

/// <summary>Refuses what an attribute cannot judge, by the setting's name, without its value.</summary>
internal sealed class OmsOptionsValidator : IValidateOptions<OmsOptions>
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

        if (options.TotalTimeout < options.AttemptTimeout)
            yield return "Oms:TotalTimeout must not be shorter than Oms:AttemptTimeout.";
    }
}
