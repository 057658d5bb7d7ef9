using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Storage;

/// <summary>Where the app's own tables are, section <c>Tables</c>; exactly one of the two addresses is given. Checked when the app starts.</summary>
public sealed class TablesOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Tables";

    /// <summary>Connection string with a key; for Azurite.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Address of the table service, used with the app's identity, such as <c>https://account.table.core.windows.net</c>.</summary>
    public string? ServiceUri { get; set; }

    /// <summary>Put before every table's name, so that several apps can share an account. Letters and digits.</summary>
    public string Prefix { get; set; } = "Oms";

    /// <summary>How long one attempt of a request may take.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(3);
}

/// <summary>Refuses settings that cannot work, by name, without their values.</summary>
internal sealed partial class TablesOptionsValidator : IValidateOptions<TablesOptions>
{
    public ValidateOptionsResult Validate(string? name, TablesOptions options)
    {
        string[] failures = [.. Failures(options)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(TablesOptions options)
    {
        var connection = !string.IsNullOrWhiteSpace(options.ConnectionString);
        var service = !string.IsNullOrWhiteSpace(options.ServiceUri);
        if (connection == service) yield return "Set exactly one of Tables:ConnectionString and Tables:ServiceUri.";
        if (service && (!Uri.TryCreate(options.ServiceUri, UriKind.Absolute, out var uri) || uri.Scheme != "https"))
            yield return "Tables:ServiceUri must be an absolute https URL, such as https://account.table.core.windows.net.";
        if (!NamePrefix().IsMatch(options.Prefix ?? "")) yield return "Tables:Prefix must start with a letter and hold up to 20 letters and digits.";
        if (options.AttemptTimeout < TimeSpan.FromMilliseconds(100)) yield return "Tables:AttemptTimeout must be at least 100 ms.";
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,19}$", RegexOptions.NonBacktracking)]
    private static partial Regex NamePrefix();
}
