using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Secrets;

namespace OmsWorkflows.Functions.Tests.Secrets;

public sealed class KeyVaultSecretsTests : IAsyncLifetime
{
    private VaultServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await VaultServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Load_SecretsExist_TheyAreSettings()
    {
        _server.SeedRequired();
        _server.Secrets.Set("Webhooks--CurrentSecret", "whsec_1");
        _server.Secrets.Set("Somebody--Elses", "private");

        using var host = _server.BuildHost();

        var settings = host.Services.GetRequiredService<IConfiguration>();
        settings["Oms:ApiKey"].Should().Be("key-1");
        settings["Oms:ApiSecret"].Should().Be("secret-1");
        settings["Webhooks:CurrentSecret"].Should().Be("whsec_1");
        settings["Webhooks:NextSecret"].Should().BeNull();
        settings["Somebody:Elses"].Should().BeNull();
        _server.Requests.Should().BeEquivalentTo(
            "GET secrets/Oms--ApiKey",
            "GET secrets/Oms--ApiSecret",
            "GET secrets/Webhooks--CurrentSecret",
            "GET secrets/Webhooks--NextSecret");
    }

    [Fact]
    public void Load_AnswersTheVaultsChallenge()
    {
        _server.SeedRequired();
        var credential = new TestCredential();
        using var secrets = new KeyVaultSecrets(_server.Client(credential));

        secrets.Load();

        credential.Scopes.Should().NotBeEmpty().And.AllBe("https://vault.azure.net/.default");
    }

    [Theory]
    [InlineData(404, "SecretNotFound", "Oms--ApiSecret", "Oms:ApiSecret")]
    [InlineData(403, "Forbidden", "Oms--ApiKey", "Oms:ApiKey")]
    [InlineData(403, "Forbidden", "Webhooks--NextSecret", "Webhooks:NextSecret")]
    public void Load_VaultRefuses_StopsAndNamesTheSetting(int status, string code, string name, string setting)
    {
        _server.SeedRequired();
        _server.Refuse(name, status, code);

        var start = () => _server.BuildHost();

        var failure = start.Should().Throw<SecretUnavailableException>().Which;
        failure.SettingName.Should().Be(setting);
        failure.Message.Should().Contain(setting).And.Contain(name).And.Contain($"{status}").And.Contain(_server.Address.Authority);
        failure.ToString().Should().NotContain("key-1").And.NotContain("secret-1");
    }

    [Fact]
    public void Load_RequiredSecretDisabled_StopsAndNamesTheSetting()
    {
        _server.SeedRequired();
        _server.Next("Oms--ApiKey", context => VaultServer.RefuseAsync(context, 403, "Forbidden", "SecretDisabled"));

        var start = () => _server.BuildHost();

        start.Should().Throw<SecretUnavailableException>().WithMessage("*'Oms:ApiKey' is required*");
    }

    [Fact]
    public void Load_VaultThrottles_WaitsAsLongAsItSays()
    {
        _server.SeedRequired();
        _server.Refuse("Oms--ApiKey", 429, "Throttled", retryAfter: "1");
        var clock = Stopwatch.StartNew();

        using var host = _server.BuildHost();

        host.Services.GetRequiredService<IConfiguration>()["Oms:ApiKey"].Should().Be("key-1");
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(900), "the client's own delay is 20 ms at most");
    }

    [Fact]
    public async Task Refresh_SecretRotatedBetweenTwoReads_ReadersSeeTheNewOne()
    {
        _server.SeedRequired();
        var clock = new WatchedClock();
        using var logs = new CollectedLogs();
        using var host = _server.BuildHost(clock, logs);
        var settings = host.Services.GetRequiredService<IConfiguration>();
        await host.StartAsync();
        await clock.TimerCreated;
        var reloaded = settings.NextReload();

        _server.Secrets.Set("Oms--ApiSecret", "secret-2");
        settings["Oms:ApiSecret"].Should().Be("secret-1");
        clock.Advance(TimeSpan.FromMinutes(1));
        await reloaded;

        settings["Oms:ApiSecret"].Should().Be("secret-2");
        (await logs.Event(5001)).Should().Contain("Oms:ApiSecret").And.NotContain("secret-2");
        await host.StopAsync();
    }

    [Fact]
    public async Task Refresh_NothingChanged_TellsNoReader()
    {
        _server.SeedRequired();
        using var secrets = new KeyVaultSecrets(_server.Client());
        secrets.Load();
        var token = secrets.GetReloadToken();

        var refresh = await secrets.RefreshAsync(CancellationToken.None);

        refresh.Changed.Should().BeEmpty();
        token.HasChanged.Should().BeFalse();
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Refresh_VaultRefuses_KeepsWhatIsKnownAndTakesTheRest(int status)
    {
        _server.SeedRequired();
        using var secrets = new KeyVaultSecrets(_server.Client());
        secrets.Load();
        for (var attempt = 0; attempt < 3; attempt++)
            _server.Refuse("Oms--ApiKey", status, "Refused");
        _server.Secrets.Set("Oms--ApiKey", "key-2");
        _server.Secrets.Set("Oms--ApiSecret", "secret-2");

        var refresh = await secrets.RefreshAsync(CancellationToken.None);

        refresh.Failures.Select(failure => (failure.Setting, failure.Status)).Should().Equal(("Oms:ApiKey", status));
        refresh.Changed.Should().Equal("Oms:ApiSecret");
        secrets.TryGet("Oms:ApiKey", out var key).Should().BeTrue();
        key.Should().Be("key-1");
        secrets.TryGet("Oms:ApiSecret", out var secret).Should().BeTrue();
        secret.Should().Be("secret-2");
    }

    [Fact]
    public async Task Refresh_VaultOutOfReach_IsLoggedAndTriedAgain()
    {
        _server.SeedRequired();
        var clock = new WatchedClock();
        using var logs = new CollectedLogs();
        using var host = _server.BuildHost(clock, logs);
        var settings = host.Services.GetRequiredService<IConfiguration>();
        await host.StartAsync();
        await clock.TimerCreated;
        _server.OutOfReach = true;

        clock.Advance(TimeSpan.FromMinutes(1));
        await logs.Event(5002);
        _server.OutOfReach = false;
        var reloaded = settings.NextReload();
        _server.Secrets.Set("Oms--ApiKey", "key-2");
        clock.Advance(TimeSpan.FromMinutes(1));
        await reloaded;

        settings["Oms:ApiKey"].Should().Be("key-2");
        await host.StopAsync();
    }
}
