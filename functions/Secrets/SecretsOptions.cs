using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Secrets;

/// <summary>Where secrets come from, section <c>Secrets</c>: a Key Vault, or a file on this machine.</summary>
public sealed class SecretsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Secrets";

    private const string DefaultFile = "local.secrets.json";

    /// <summary>Address of the vault, such as <c>https://kv-example.vault.azure.net</c>.</summary>
    public string? VaultUri { get; set; }

    /// <summary>
    /// JSON file that holds secrets of a single machine; <c>local.secrets.json</c> beside the app when no vault is given.
    /// </summary>
    public string? File { get; set; }

    /// <summary>How often the vault is asked for changed secrets. At least 10 s: every round costs one read per secret.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="InvalidOperationException">A setting cannot work; the message names it.</exception>
    /// <exception cref="OptionsValidationException">A setting has another form; the message names it.</exception>
    internal static SecretsOptions Read(IConfiguration configuration)
    {
        var options = new SecretsOptions();
        configuration.BindSettings(Section, options);
        if (!string.IsNullOrEmpty(options.VaultUri) && !string.IsNullOrEmpty(options.File))
            throw new InvalidOperationException("Set Secrets:VaultUri or Secrets:File, not both.");
        if (!string.IsNullOrEmpty(options.VaultUri) && options.Vault is not { Scheme: "https" })
            throw new InvalidOperationException("Secrets:VaultUri must be an absolute https URL.");
        if (options.RefreshInterval < TimeSpan.FromSeconds(10))
            throw new InvalidOperationException("Secrets:RefreshInterval must be at least 10 seconds.");
        return options;
    }

    internal Uri? Vault => Uri.TryCreate(VaultUri, UriKind.Absolute, out var uri) ? uri : null;

    internal string FilePath(string contentRoot) => Path.GetFullPath(string.IsNullOrEmpty(File) ? DefaultFile : File, contentRoot);
}
