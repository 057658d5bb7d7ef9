using System.Runtime.Versioning;
using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Secrets;

/// <summary>Registers where secrets come from.</summary>
public static class SecretsBuilderExtensions
{
    /// <summary>
    /// Adds the app's secrets to its configuration, from the vault that <c>Secrets:VaultUri</c> names or else from a local file, and an
    /// <see cref="ISecretStore"/> that writes there. Also registers the app's <see cref="TokenCredential"/>. Call it before the settings
    /// are used: what comes later would take precedence.
    /// </summary>
    /// <exception cref="SecretUnavailableException">
    /// A required secret cannot be read from the vault; the message names the setting.
    /// </exception>
    /// <exception cref="InvalidOperationException">A setting of the section <c>Secrets</c> cannot work.</exception>
    public static IHostApplicationBuilder AddSecrets(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = SecretsOptions.Read(builder.Configuration);
        builder.Services.AddKnownSettings<SecretsOptions>(SecretsOptions.Section);
        var credential = AzureIdentity.Credential(builder.Configuration);
        builder.Services.TryAddSingleton(credential);
        return options.Vault is { } vault
            ? builder.AddVault(new SecretClient(vault, credential), options)
            : builder.AddFile(options.FilePath(builder.Environment.ContentRootPath));
    }

    internal static IHostApplicationBuilder AddVault(this IHostApplicationBuilder builder, SecretClient client, SecretsOptions options)
    {
        var secrets = new KeyVaultSecrets(client, new SecretForm(builder.Configuration));
        builder.Configuration.Add(secrets);
        builder.Services.AddSingleton<ISecretStore>(services =>
            new KeyVaultSecretStore(secrets, services.GetRequiredService<ILogger<KeyVaultSecretStore>>()));
        builder.Services.AddSingleton<ISecretRefresh>(
            services => new SecretsOnDemand(secrets, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<SecretMetrics>();
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<SecretRefresher>(services, secrets, options));
        return builder;
    }

    private static IHostApplicationBuilder AddFile(this IHostApplicationBuilder builder, string path)
    {
        if (Directory.Exists(path))
            throw new InvalidOperationException($"Secrets:File {path} is a folder: name a file in it.");

        var directory = Path.GetDirectoryName(path)!;
        StartRefusal.Using("Secrets:File", path, () => Directory.CreateDirectory(directory));
        RefuseLooseMode(path);
        var source = new FileSource
        {
            // A name that starts with a dot is a fine place for a secret.
            FileProvider = new PhysicalFileProvider(directory, ExclusionFilters.None),
            Path = Path.GetFileName(path),
            Optional = true,
            ReloadOnChange = true,
        };
        StartRefusal.Using("Secrets:File", path, () => builder.Configuration.Add(source));
        builder.Services.AddSingleton<ISecretRefresh, SecretsAtHand>();
        builder.Services.AddHostedService(
            services => new LocalSecretsNotice(source.Provider!, path, services.GetRequiredService<ILogger<LocalSecretsNotice>>()));
        builder.Services.AddSingleton<ISecretStore>(services =>
            new LocalSecretsFile(path, source.Provider!, services.GetRequiredService<ILogger<LocalSecretsFile>>()));
        return builder;
    }

    /// <summary>The app makes the file for its owner alone; one that was made by hand has to be like that, too.</summary>
    private static void RefuseLooseMode(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
            return;

        var loose = ModeOf(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (loose != UnixFileMode.None)
            throw new InvalidOperationException($"Secrets:File {path} is open to others than its owner ({loose}): run chmod 600 {path}");
    }

    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode ModeOf(string path) => StartRefusal.Using("Secrets:File", path, () => File.GetUnixFileMode(path));

    private sealed class FileSource : JsonConfigurationSource
    {
        public LocalSecretsProvider? Provider { get; private set; }

        public override IConfigurationProvider Build(IConfigurationBuilder builder)
        {
            EnsureDefaults(builder);
            return Provider = new LocalSecretsProvider(this);
        }
    }
}
