using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.Secrets;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Functions.Tests.Secrets;

public sealed class KeyVaultSecretsTests : IAsyncLifetime
{
    private VaultServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await VaultServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Load_secrets_exist_they_are_settings()
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
            "GET secrets/Webhooks--NextSecret",
            "GET secrets/Notifications--CurrentSecret",
            "GET secrets/Notifications--NextSecret");
    }

    [Fact]
    public void Load_answers_the_vaults_challenge()
    {
        _server.SeedRequired();
        var credential = new TestCredential();
        using var secrets = new KeyVaultSecrets(_server.Client(credential), VaultFixture.Form());

        secrets.Load();

        credential.Scopes.Should().NotBeEmpty().And.AllBe("https://vault.azure.net/.default");
    }

    [Theory]
    [InlineData(404, "SecretNotFound", "Oms--ApiSecret", "Oms:ApiSecret")]
    [InlineData(403, "Forbidden", "Oms--ApiKey", "Oms:ApiKey")]
    [InlineData(403, "Forbidden", "Webhooks--NextSecret", "Webhooks:NextSecret")]
    public void Load_vault_refuses_stops_and_names_the_setting(int status, string code, string name, string setting)
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
    public void Load_required_secret_disabled_stops_and_names_the_setting()
    {
        _server.SeedRequired();
        _server.Next("Oms--ApiKey", context => VaultServer.RefuseAsync(context, 403, "Forbidden", "SecretDisabled"));

        var start = () => _server.BuildHost();

        start.Should().Throw<SecretUnavailableException>().WithMessage("*'Oms:ApiKey' is required*");
    }

    [Fact]
    public void Load_vault_throttles_waits_as_long_as_it_says()
    {
        _server.SeedRequired();
        _server.Refuse("Oms--ApiKey", 429, "Throttled", retryAfter: "1");
        var clock = Stopwatch.StartNew();

        using var host = _server.BuildHost();

        host.Services.GetRequiredService<IConfiguration>()["Oms:ApiKey"].Should().Be("key-1");
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(900), "the client's own delay is 20 ms at most");
    }

    [Fact]
    public async Task Refresh_secret_rotated_between_two_reads_readers_see_the_new_one()
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
    public async Task Refresh_nothing_changed_tells_no_reader()
    {
        _server.SeedRequired();
        using var secrets = new KeyVaultSecrets(_server.Client(), VaultFixture.Form());
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
    public async Task Refresh_vault_refuses_keeps_what_is_known_and_takes_the_rest(int status)
    {
        _server.SeedRequired();
        using var secrets = new KeyVaultSecrets(_server.Client(), VaultFixture.Form());
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
    public async Task Refresh_vault_out_of_reach_is_logged_and_tried_again()
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

    [Theory]
    [InlineData("Oms--ApiKey", "")]
    [InlineData("Oms--ApiKey", "   ")]
    [InlineData("Oms--ApiSecret", "secret-2\n")]
    [InlineData("Webhooks--CurrentSecret", "")]
    [InlineData("Webhooks--CurrentSecret", "the OMS key by mistake")]
    [InlineData("Webhooks--CurrentSecret", "whsec_")]
    public async Task Refresh_ValueCannotBeRight_TheLastGoodOneStays(string name, string bad)
    {
        var setting = name.Replace("--", ":", StringComparison.Ordinal);
        _server.SeedRequired();
        _server.Secrets.Set("Webhooks--CurrentSecret", "whsec_1");
        using var secrets = new KeyVaultSecrets(_server.Client(), VaultFixture.Form());
        secrets.Load();
        secrets.TryGet(setting, out var good);
        _server.Secrets.Set(name, bad);

        var refresh = await secrets.RefreshAsync(CancellationToken.None);

        refresh.Refused.Should().Equal(setting);
        refresh.Changed.Should().BeEmpty();
        secrets.TryGet(setting, out var kept);
        kept.Should().Be(good).And.NotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("WholeString", "whsec_not-hexadecimal", true)]
    [InlineData("HexDecoded", "whsec_not-hexadecimal", false)]
    [InlineData("HexDecoded", "whsec_abc", false)]
    [InlineData("HexDecoded", "whsec_0aFF", true)]
    public void Form_OfAWebhookSecret_FollowsHowItIsRead(string mode, string secret, bool fits)
        => VaultFixture.Form(mode).Fits("Webhooks:CurrentSecret", secret).Should().Be(fits);

    [Fact]
    public void Load_NewestValueCannotBeRight_StartsWithTheOneBefore()
    {
        _server.SeedRequired();
        _server.Secrets.Set("Oms--ApiKey", "key-2");
        _server.Secrets.Set("Oms--ApiKey", "");
        _server.Secrets.Set("Webhooks--NextSecret", "nonsense");

        using var secrets = new KeyVaultSecrets(_server.Client(), VaultFixture.Form());
        secrets.Load();

        secrets.TryGet("Oms:ApiKey", out var key);
        key.Should().Be("key-2");
        secrets.TryGet("Webhooks:NextSecret", out _).Should().BeFalse("without a good one there is none");
        secrets.RefusedAtStart.Should().Equal("Oms:ApiKey", "Webhooks:NextSecret");
    }

    [Fact]
    public void Load_NoValueOfARequiredSecretCanBeRight_StopsAndNamesTheSetting()
    {
        _server.SeedRequired();
        _server.Secrets.Set("Oms--ApiKey", " ");
        using var secrets = new KeyVaultSecrets(_server.Client(), VaultFixture.Form());
        for (var version = 0; version < 6; version++)
            _server.Secrets.Set("Oms--ApiKey", " ");

        var load = secrets.Load;

        load.Should().Throw<SecretUnavailableException>().WithMessage(
            "*'Oms:ApiKey' is required, and no value of secret 'Oms--ApiKey' can be right*");
    }

    [Fact]
    public async Task Refresh_ValueCannotBeRight_IsLoggedAndCounted_AndTheHostRunsOn()
    {
        _server.SeedRequired();
        var clock = new WatchedClock();
        using var logs = new CollectedLogs();
        using var host = _server.BuildHost(clock, logs);
        using var refused = new MetricCollector<long>(
            host.Services.GetRequiredService<IMeterFactory>(), AppTelemetry.Name, "oms_workflows.secrets.refused");
        await host.StartAsync();
        await clock.TimerCreated;

        _server.Secrets.Set("Oms--ApiSecret", "");
        clock.Advance(TimeSpan.FromMinutes(1));

        (await logs.Event(5005)).Should().Contain("Oms:ApiSecret");
        await refused.WaitForMeasurementsAsync(1, TimeSpan.FromSeconds(30));
        refused.LastMeasurement!.Tags["setting"].Should().Be("Oms:ApiSecret");
        host.Services.GetRequiredService<IConfiguration>()["Oms:ApiSecret"].Should().Be("secret-1");
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested.Should().BeFalse();
        await host.StopAsync();
    }
}
