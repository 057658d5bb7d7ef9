using Azure.Core;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.Secrets.DataProtection;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Secrets;

/// <summary>Registers the encryption of personal data (docs/decisions/0005-personal-data.md).</summary>
public static class DataProtectionBuilderExtensions
{
    // Part of what a ciphertext is bound to: every instance and slot of the app must share it, and it can never change.
    private const string ApplicationName = "oms-workflows";

    /// <summary>
    /// Adds ASP.NET Core Data Protection with keys in <c>DataProtection:Directory</c>, or in <c>DataProtection:BlobUri</c> wrapped by
    /// <c>DataProtection:KeyUri</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting is missing or cannot work; the message names it.</exception>
    public static IHostApplicationBuilder AddAppDataProtection(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = DataProtectionSettings.Read(builder.Configuration);
        builder.Services.AddKnownSettings<DataProtectionSettings>(DataProtectionSettings.Section);
        var protection = builder.Services.AddDataProtection().SetApplicationName(ApplicationName);
        if (!string.IsNullOrEmpty(settings.Directory))
        {
            var path = Path.GetFullPath(settings.Directory, builder.Environment.ContentRootPath);
            protection.PersistKeysToFileSystem(
                StartRefusal.Using("DataProtection:Directory", path, () => Writable(PrivateDirectory(path))));
        }
        else
            builder.Services.AddWrappedKeys(settings, AzureIdentity.Credential(builder.Configuration), new(), new());
        return builder;
    }

    internal static void AddWrappedKeys(this IServiceCollection services, DataProtectionSettings settings, TokenCredential credential,
        BlobClientOptions blobOptions, VaultKeyOptions keyOptions)
    {
        services.AddSingleton(new VaultKey(new Uri(settings.KeyUri!), credential, keyOptions));
        services.AddOptions<KeyManagementOptions>().Configure<VaultKey>((options, key) =>
        {
            options.XmlRepository = new BlobXmlRepository(new BlobClient(new Uri(settings.BlobUri!), credential, blobOptions));
            options.XmlEncryptor = new WrappedXmlEncryptor(key);
        });
    }

    /// <summary>
    /// Without a key nothing personal can be taken, and the first one may have to be made now. A full disk still takes an empty file.
    /// </summary>
    private static DirectoryInfo Writable(DirectoryInfo directory)
    {
        var path = Path.Combine(directory.FullName, $".probe-{Guid.NewGuid():N}");
        using var probe = File.Create(path, bufferSize: 1, FileOptions.DeleteOnClose);
        probe.Write(new byte[4096]);
        return directory;
    }

    /// <summary>The keys lie there unencrypted, so nobody but their owner may look inside.</summary>
    private static DirectoryInfo PrivateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return Directory.CreateDirectory(path);
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var directory = Directory.CreateDirectory(path, OwnerOnly);
        return (directory.UnixFileMode & ~OwnerOnly) == 0
            ? directory
            : throw new InvalidOperationException(
                $"DataProtection:Directory {path} is open to others: take their rights away (chmod 700), or name another.");
    }
}
