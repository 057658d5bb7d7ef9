using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OmsWorkflows.Secrets;
using OmsWorkflows.Secrets.DataProtection;

namespace OmsWorkflows.Functions.Tests.Secrets;

public sealed class DataProtectionTests : IAsyncLifetime
{
    private VaultServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await VaultServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Unprotect_by_another_instance_reads_it()
    {
        using var one = Instance();
        using var other = Instance();

        var ciphertext = Protector(one).Protect("Ada Lovelace");

        Protector(other).Unprotect(ciphertext).Should().Be("Ada Lovelace");
    }

    [Fact]
    public void Protect_the_blob_holds_no_readable_key()
    {
        using var one = Instance();

        Protector(one).Protect("x");

        _server.Blob.Content.Should().Contain("wrappedKey").And.NotContain("masterKey");
        _server.Requests.Should().Contain("POST keys/data-protection/wrapkey");
    }

    [Fact]
    public void Unprotect_wrapping_key_rotated_since_old_data_is_readable()
    {
        using var before = Instance();
        var ciphertext = Protector(before).Protect("Ada Lovelace");

        _server.Keys.Rotate();
        using var after = Instance();
        after.GetRequiredService<IKeyManager>().CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90));
        using var later = Instance();

        Protector(later).Unprotect(ciphertext).Should().Be("Ada Lovelace");
        _server.Blob.Content.Should().Contain("/keys/data-protection/v0").And.Contain("/keys/data-protection/v1");
    }

    [Fact]
    public void Protect_two_instances_make_their_first_key_at_once_both_keys_stay()
    {
        using var one = Instance();
        using var other = Instance();
        string? ciphertext = null;
        // Between the first instance's read and its write, the other one makes its key.
        _server.Next("keys.xml", async context =>
        {
            await _server.Blob.AnswerAsync(context);
            ciphertext = Protector(other).Protect("Ada Lovelace");
        });

        one.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository!.StoreElement(new("other"), "other");

        _server.Blob.Content.Should().Contain("<other").And.Contain("wrappedKey");
        using var third = Instance();
        Protector(third).Unprotect(ciphertext!).Should().Be("Ada Lovelace");
    }

    [Fact]
    public void Unprotect_blob_names_a_key_elsewhere_no_token_is_sent_there()
    {
        using var one = Instance();
        var ciphertext = Protector(one).Protect("Ada Lovelace");
        _server.Blob.Put(_server.Blob.Content!.Replace("/keys/data-protection/", "/keys/somebody-elses/", StringComparison.Ordinal));
        using var other = Instance();

        var unprotect = () => Protector(other).Unprotect(ciphertext);

        unprotect.Should().Throw<CryptographicException>();
        _server.Requests.Should().NotContain(request => request.Contains("somebody-elses", StringComparison.Ordinal));
    }

    [Fact]
    public void Unprotect_blob_tampered_with_is_refused()
    {
        using var one = Instance();
        var ciphertext = Protector(one).Protect("Ada Lovelace");
        _server.Blob.Put(_server.Blob.Content!.Replace("<ciphertext>", "<ciphertext>AAAA", StringComparison.Ordinal));
        using var other = Instance();

        var unprotect = () => Protector(other).Unprotect(ciphertext);

        unprotect.Should().Throw<CryptographicException>();
    }

    [Fact]
    public void Directory_that_is_open_to_others_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        var directory = Directory.CreateTempSubdirectory("keys").FullName;
        try
        {
            File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.GroupRead);

            var start = () => Local(("DataProtection:Directory", directory));

            start.Should().Throw<InvalidOperationException>().WithMessage("DataProtection:Directory*is open to others*chmod 700*");
        }
        finally
        {
            Directory.Delete(directory);
        }
    }

    [Fact]
    public void Directory_that_is_a_file_or_takes_nothing_is_refused_by_its_setting_and_path()
    {
        var file = Path.GetTempFileName();
        try
        {
            var start = () => Local(("DataProtection:Directory", file));
            start.Should().Throw<InvalidOperationException>().WithMessage($"DataProtection:Directory {file} cannot be used: *");

            start = () => Local(("DataProtection:Directory", "/proc/self/task"));
            start.Should().Throw<InvalidOperationException>().WithMessage("DataProtection:Directory /proc/self/task *");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Directory_survives_a_restart_and_is_private()
    {
        var directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var before = Local(("DataProtection:Directory", directory));
            var ciphertext = Protector(before.Services).Protect("Ada Lovelace");
            using var after = Local(("DataProtection:Directory", directory));

            Protector(after.Services).Unprotect(ciphertext).Should().Be("Ada Lovelace");
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(directory).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("", "", "", "*DataProtection:Directory*DataProtection:BlobUri*")]
    [InlineData("keys", "https://a.blob.core.windows.net/c/keys.xml", "https://kv.vault.azure.net/keys/k", "*either*")]
    [InlineData("", "https://a.blob.core.windows.net/c/keys.xml", "", "*DataProtection:KeyUri*")]
    [InlineData("", "http://a.blob.core.windows.net/c/keys.xml", "https://kv.vault.azure.net/keys/k", "*DataProtection:BlobUri*")]
    public void Settings_cannot_work_stops_and_names_them(string directory, string blob, string key, string message)
    {
        var start = () => Local(("DataProtection:Directory", directory), ("DataProtection:BlobUri", blob), ("DataProtection:KeyUri", key));

        start.Should().Throw<InvalidOperationException>().WithMessage(message);
    }

    private ServiceProvider Instance()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("test");
        var settings = new DataProtectionSettings
        {
            BlobUri = new Uri(_server.Address, "data-protection/keys.xml").AbsoluteUri,
            KeyUri = new Uri(_server.Address, "keys/data-protection").AbsoluteUri,
        };
        services.AddWrappedKeys(settings, new TestCredential(), new BlobClientOptions { Transport = _server.Transport },
            new VaultKeyOptions { Transport = _server.Transport });
        return services.BuildServiceProvider();
    }

    private static IHost Local(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.AddAppDataProtection();
        return builder.Build();
    }

    private static IDataProtector Protector(IServiceProvider services)
        => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("applicant");
}
