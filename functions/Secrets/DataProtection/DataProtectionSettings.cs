using Microsoft.Extensions.Configuration;

namespace OmsWorkflows.Secrets.DataProtection;

/// <summary>Where the keys lie that encrypt personal data, section <c>DataProtection</c>: a directory, or a blob and a vault key.</summary>
internal sealed class DataProtectionSettings
{
    /// <summary>Name of the section.</summary>
    public const string Section = "DataProtection";

    /// <summary>Directory of a single machine.</summary>
    public string? Directory { get; set; }

    /// <summary>Blob that holds the wrapped keys, such as <c>https://example.blob.core.windows.net/data-protection/keys.xml</c>.</summary>
    public string? BlobUri { get; set; }

    /// <summary>
    /// Key Vault key that wraps them, without a version, such as <c>https://kv-example.vault.azure.net/keys/data-protection</c>.
    /// </summary>
    public string? KeyUri { get; set; }

    /// <exception cref="InvalidOperationException">A setting is missing or cannot work; the message names it.</exception>
    public static DataProtectionSettings Read(IConfiguration configuration)
    {
        var settings = new DataProtectionSettings();
        configuration.GetSection(Section).Bind(settings);
        var local = !string.IsNullOrEmpty(settings.Directory);
        var azure = !string.IsNullOrEmpty(settings.BlobUri) || !string.IsNullOrEmpty(settings.KeyUri);
        if (local == azure)
            throw new InvalidOperationException(
                "Set either DataProtection:Directory, or DataProtection:BlobUri and DataProtection:KeyUri.");
        if (azure)
        {
            RequireHttps(settings.BlobUri, "DataProtection:BlobUri");
            RequireHttps(settings.KeyUri, "DataProtection:KeyUri");
        }

        return settings;
    }

    private static void RequireHttps(string? value, string name)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme != "https")
            throw new InvalidOperationException($"{name} must be an absolute https URL.");
    }
}
