using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Operations;

/// <summary>
/// Where copies of the ledger are kept, section <c>Backup</c>; without an address none are made. Checked when the app starts.
/// </summary>
public sealed class BackupOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Backup";

    /// <summary>Blob container, used with the app's identity, such as <c>https://account.blob.core.windows.net/ledger-copies</c>.</summary>
    public string? ContainerUri { get; set; }

    /// <summary>Connection string with a key; for Azurite.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Name of the container when there is a connection string; it is made when it does not exist.</summary>
    public string Container { get; set; } = "ledger-copies";

    /// <summary>Time enough to decide on what nobody claimed.</summary>
    public static readonly TimeSpan DefaultArchiveAfter = TimeSpan.FromDays(30);

    /// <summary>How long after its end a month's settlements are archived (docs/decisions/0016-settlements-by-month.md).</summary>
    [Range(
        typeof(TimeSpan), "1.00:00:00", "365.00:00:00", ErrorMessage = "Backup:ArchiveAfter must be between a day and a year.")]
    public TimeSpan ArchiveAfter { get; set; } = DefaultArchiveAfter;
}

/// <summary>Refuses settings that cannot work, by name, without their values.</summary>
internal sealed class BackupOptionsValidator : IValidateOptions<BackupOptions>
{
    public ValidateOptionsResult Validate(string? name, BackupOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ContainerUri))
            return ValidateOptionsResult.Success;
        if (!string.IsNullOrWhiteSpace(options.ConnectionString))
            return ValidateOptionsResult.Fail("Set Backup:ContainerUri or Backup:ConnectionString, not both.");
        return Uri.TryCreate(options.ContainerUri, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            && uri.AbsolutePath.Length > 1
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "Backup:ContainerUri must be the https URL of a container, such as https://account.blob.core.windows.net/ledger-copies.");
    }
}
