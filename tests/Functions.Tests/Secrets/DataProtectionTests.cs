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
    public void Unprotect_ByAnotherInstance_ReadsIt()
    {
        using var one = Instance();
        using var other = Instance();

        var ciphertext = Protector(one).Protect("Ada Lovelace");

        Protector(other).Unprotect(ciphertext).Should().Be("Ada Lovelace");
    }

    [Fact]
    public void Protect_TheBlobHoldsNoReadableKey()
    {
        using var one = Instance();

        Protector(one).Protect("x");

        _server.Blob.Content.Should().Contain("wrappedKey").And.NotContain("masterKey");
        _server.Requests.Should().Contain("POST keys/data-protection/wrapkey");
    }

    [Fact]
    public void Unprotect_WrappingKeyRotatedSince_OldDataIsReadable()
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
    public void Protect_TwoInstancesMakeTheirFirstKeyAtOnce_BothKeysStay()
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
    public void Unprotect_BlobNamesAKeyElsewhere_NoTokenIsSentThere()
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
    public void Unprotect_BlobTamperedWith_IsRefused()
    {
        using var one = Instance();
        var ciphertext = Protector(one).Protect("Ada Lovelace");
        _server.Blob.Put(_server.Blob.Content!.Replace("<ciphertext>", "<ciphertext>AAAA", StringComparison.Ordinal));
        using var other = Instance();

        var unprotect = () => Protector(other).Unprotect(ciphertext);

        unprotect.Should().Throw<CryptographicException>();
    }

    [Fact]
    public void AddAppDataProtection_Directory_SurvivesARestartAndIsPrivate()
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
    public void AddAppDataProtection_SettingsCannotWork_StopsAndNamesThem(string directory, string blob, string key, string message)
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
