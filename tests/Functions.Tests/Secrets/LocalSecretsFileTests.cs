using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.Secrets;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Functions.Tests.Secrets;

public sealed class LocalSecretsFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("secrets");

    public void Dispose() => _directory.Delete(recursive: true);

    private static void Write(string path, string content)
    {
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Set_no_file_yet_is_read_at_once_and_by_the_next_start()
    {
        using var host = BuildHost();

        await Store(host).SetAsync("Webhooks:CurrentSecret", "whsec_1", CancellationToken.None);

        Settings(host)["Webhooks:CurrentSecret"].Should().Be("whsec_1");
        using var restarted = BuildHost();
        Settings(restarted)["Webhooks:CurrentSecret"].Should().Be("whsec_1");
    }

    // Windows keeps files by access lists that come from the directory.
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Set_only_the_owner_may_read_the_file()
    {
        using var host = BuildHost();

        await Store(host).SetAsync("Webhooks:CurrentSecret", "whsec_1", CancellationToken.None);

        File.GetUnixFileMode(SecretsFile).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _directory.EnumerateFiles().Should().ContainSingle("the temporary file took the old one's place");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{ \"Webhooks:CurrentSecret\": ")]
    [InlineData("{ \"Webhooks:CurrentSecret\": topsecret }")]
    public void Start_file_that_is_no_JSON_object_is_refused_by_its_setting_and_path(string content)
    {
        Write(SecretsFile, content);

        var build = BuildHost;

        var refused = build.Should().Throw<InvalidOperationException>().Which;
        StartRefusal.Line(refused).Should().Contain($"Secrets:File {SecretsFile} cannot be used: ").And.NotContain("topsecret");
    }

    [Fact]
    public async Task File_that_is_changed_to_no_JSON_while_it_runs_leaves_the_last_good_secrets_in_use_and_is_told_of()
    {
        Write(SecretsFile, """{ "Webhooks:CurrentSecret": "whsec_1" }""");
        var told = new TaskCompletionSource();
        using var host = BuildHost();
        host.Services.GetServices<IHostedService>().OfType<LocalSecretsNotice>().Should().ContainSingle("the log says so");
        var provider = ((IConfigurationRoot)Settings(host)).Providers.OfType<LocalSecretsProvider>().Single();
        provider.Refused = () => told.TrySetResult();

        Write(SecretsFile, """{ "Webhooks:CurrentSecret": whsec_2 }""");

        await told.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Settings(host)["Webhooks:CurrentSecret"].Should().Be("whsec_1");
    }

    [Fact]
    public void Start_file_that_is_a_folder_or_a_link_to_nowhere_is_refused_by_its_setting_and_path()
    {
        Directory.CreateDirectory(SecretsFile);
        var build = BuildHost;
        build.Should().Throw<InvalidOperationException>().WithMessage($"Secrets:File {SecretsFile} is a folder*");

        Directory.Delete(SecretsFile);
        File.CreateSymbolicLink(SecretsFile, "/nowhere/secrets.json");
        build.Should().Throw<InvalidOperationException>().WithMessage($"Secrets:File {SecretsFile} cannot be used: *");
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [UnsupportedOSPlatform("windows")]
    public void Start_file_that_others_may_use_is_refused(UnixFileMode loose)
    {
        Write(SecretsFile, "{}");
        File.SetUnixFileMode(SecretsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | loose);

        var build = BuildHost;

        build.Should().Throw<InvalidOperationException>().WithMessage($"Secrets:File {SecretsFile}*{loose}*chmod 600*");
    }

    [Theory]
    [InlineData("""{ "Webhooks:CurrentSecret": "old", "Oms:ApiKey": "kept" }""")]
    [InlineData("""{ "Webhooks": { "CurrentSecret": "old" }, "Oms": { "ApiKey": "kept" } }""")]
    public async Task Set_then_remove_leaves_the_other_secrets_alone(string content)
    {
        Write(SecretsFile, content);
        using var host = BuildHost();

        await Store(host).SetAsync("Webhooks:CurrentSecret", "new", CancellationToken.None);
        Settings(host)["Webhooks:CurrentSecret"].Should().Be("new");
        await Store(host).RemoveAsync("Webhooks:CurrentSecret", CancellationToken.None);

        Settings(host)["Webhooks:CurrentSecret"].Should().BeNull();
        Settings(host)["Oms:ApiKey"].Should().Be("kept");
    }

    [Fact]
    public async Task Set_many_at_once_none_is_lost()
    {
        using var host = BuildHost();

        await Task.WhenAll(SecretSettings.All.Select(secret =>
            Task.Run(() => Store(host).SetAsync(secret.Setting, $"value of {secret.Setting}", CancellationToken.None))));

        foreach (var (setting, _) in SecretSettings.All)
            Settings(host)[setting].Should().Be($"value of {setting}");
    }

    [Fact]
    public async Task Edit_by_hand_is_picked_up()
    {
        Write(SecretsFile, """{ "Oms:ApiKey": "key-1" }""");
        using var host = BuildHost();
        var reloaded = Settings(host).NextReload();

        var edited = SecretsFile + ".edited";
        File.WriteAllText(edited, """{ "Oms:ApiKey": "key-2" }""");
        File.Move(edited, SecretsFile, overwrite: true);
        await reloaded;

        Settings(host)["Oms:ApiKey"].Should().Be("key-2");
    }

    [Fact]
    public async Task Set_file_is_not_JSON_is_refused_and_kept()
    {
        using var host = BuildHost();
        File.WriteAllText(SecretsFile, "not json");

        var set = () => Store(host).SetAsync("Oms:ApiKey", "key-2", CancellationToken.None);

        await set.Should().ThrowAsync<SecretUnavailableException>().WithMessage("*Oms:ApiKey*");
        File.ReadAllText(SecretsFile).Should().Be("not json");
    }

    [Fact]
    public async Task Set_not_a_secret_of_the_app_is_refused()
    {
        using var host = BuildHost();

        var set = () => Store(host).SetAsync("Tables:ConnectionString", "x", CancellationToken.None);

        await set.Should().ThrowAsync<ArgumentException>();
        File.Exists(SecretsFile).Should().BeFalse();
    }

    [Theory]
    [InlineData("https://kv.vault.azure.net", "local.secrets.json", "00:01:00", "*not both*")]
    [InlineData("http://kv.vault.azure.net", "", "00:01:00", "*Secrets:VaultUri*")]
    [InlineData("kv", "", "00:01:00", "*Secrets:VaultUri*")]
    [InlineData("", "", "00:00:01", "*Secrets:RefreshInterval*")]
    [InlineData("", "", "24:00:00", "*Secrets:RefreshInterval must be a duration*")]
    [InlineData("", "", "10", "*Secrets:RefreshInterval must be a duration*")]
    [InlineData("", "", "soon", "*Secrets:RefreshInterval must be a duration*")]
    public void Settings_cannot_work_stops_and_names_them(string vault, string file, string interval, string message)
    {
        var builder = Builder(("Secrets:VaultUri", vault), ("Secrets:File", file), ("Secrets:RefreshInterval", interval));

        var add = () => builder.AddSecrets();

        add.Should().Throw<Exception>().WithMessage(message);
    }

    private string SecretsFile => Path.Combine(_directory.FullName, ".secrets.json");

    private IHost BuildHost()
    {
        var builder = Builder(("Secrets:File", SecretsFile));
        builder.AddSecrets();
        return builder.Build();
    }

    private static HostApplicationBuilder Builder(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        return builder;
    }

    private static ISecretStore Store(IHost host) => host.Services.GetRequiredService<ISecretStore>();

    private static IConfiguration Settings(IHost host) => host.Services.GetRequiredService<IConfiguration>();
}
