using System.ComponentModel.DataAnnotations;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Storage;

/// <summary>
/// Where the app's own tables are, section <c>Tables</c>; exactly one of the two addresses is given. Checked when the app starts.
/// </summary>
public sealed class TablesOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Tables";

    /// <summary>The first part of the name of every table.</summary>
    public const string DefaultPrefix = "Oms";

    /// <summary>Short: the webhook receiver has seconds to answer, and everybody else tries again.</summary>
    public static readonly TimeSpan DefaultAttemptTimeout = TimeSpan.FromSeconds(3);

    private const string PrefixRule = "Tables:Prefix must start with a letter and hold up to 20 letters and digits.";

    /// <summary>Connection string with a key; for Azurite.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Address of the table service, used with the app's identity, such as <c>https://account.table.core.windows.net</c>.
    /// </summary>
    public string? ServiceUri { get; set; }

    /// <summary>Put before every table's name, so that several apps can share an account. Letters and digits.</summary>
    [Required(ErrorMessage = PrefixRule)]
    [RegularExpression("^[A-Za-z][A-Za-z0-9]{0,19}$", ErrorMessage = PrefixRule)]
    public string Prefix { get; set; } = DefaultPrefix;

    /// <summary>How long one attempt of a request may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00", ErrorMessage = "Tables:AttemptTimeout must be between 100 ms and 5 minutes.")]
    public TimeSpan AttemptTimeout { get; set; } = DefaultAttemptTimeout;
}

/// <summary>Refuses what an attribute cannot judge, by the setting's name, without its value.</summary>
internal sealed class TablesOptionsValidator : IValidateOptions<TablesOptions>
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
        if (connection == service)
            yield return "Set exactly one of Tables:ConnectionString and Tables:ServiceUri.";
        if (connection && !IsConnectionString(options.ConnectionString!))
            yield return "Tables:ConnectionString must be that of a storage account: AccountName=…;AccountKey=…;….";
        if (service && (!Uri.TryCreate(options.ServiceUri, UriKind.Absolute, out var uri) || uri.Scheme != "https"))
            yield return "Tables:ServiceUri must be an absolute https URL, such as https://account.table.core.windows.net.";
    }

    /// <summary>The client parses it, and says by exceptions of several kinds what it lacks, with parts of it.</summary>
    private static bool IsConnectionString(string text)
    {
        try
        {
            _ = new TableServiceClient(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
