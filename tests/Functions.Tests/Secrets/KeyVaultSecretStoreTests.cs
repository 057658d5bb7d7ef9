using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.Secrets;

namespace OmsWorkflows.Functions.Tests.Secrets;

public sealed class KeyVaultSecretStoreTests : IAsyncLifetime
{
    private VaultServer _server = null!;
    private IHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await VaultServer.StartAsync();
        _server.SeedRequired();
        _host = _server.BuildHost();
    }

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task Set_is_a_new_version_and_read_at_once()
    {
        await Store.SetAsync("Webhooks:CurrentSecret", "whsec_1", CancellationToken.None);
        await Store.SetAsync("Webhooks:CurrentSecret", "whsec_2", CancellationToken.None);

        Settings["Webhooks:CurrentSecret"].Should().Be("whsec_2");
        _server.Secrets.Versions("Webhooks--CurrentSecret").Select(version => version.Value).Should().Equal("whsec_1", "whsec_2");
    }

    [Fact]
    public async Task Remove_disables_so_that_the_name_can_be_written_again()
    {
        await Store.SetAsync("Webhooks:NextSecret", "whsec_1", CancellationToken.None);

        await Store.RemoveAsync("Webhooks:NextSecret", CancellationToken.None);
        await Store.RemoveAsync("Webhooks:NextSecret", CancellationToken.None);

        Settings["Webhooks:NextSecret"].Should().BeNull();
        _server.Secrets.Versions("Webhooks--NextSecret").Should().ContainSingle().Which.Enabled.Should().BeFalse();
        using (var restarted = _server.BuildHost())
            restarted.Services.GetRequiredService<IConfiguration>()["Webhooks:NextSecret"].Should().BeNull();

        await Store.SetAsync("Webhooks:NextSecret", "whsec_2", CancellationToken.None);
        Settings["Webhooks:NextSecret"].Should().Be("whsec_2");
        _server.Requests.Should().NotContain(request => request.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Set_not_a_secret_of_the_app_is_refused_without_a_request()
    {
        var before = _server.Requests.Count;

        var set = () => Store.SetAsync("Oms:BaseUrl", "https://example.com", CancellationToken.None);

        await set.Should().ThrowAsync<ArgumentException>();
        _server.Requests.Count.Should().Be(before);
    }

    [Fact]
    public async Task Set_vault_refuses_names_the_setting_and_changes_nothing()
    {
        _server.Refuse("Webhooks--CurrentSecret", 403, "Forbidden");

        var set = () => Store.SetAsync("Webhooks:CurrentSecret", "whsec_1", CancellationToken.None);

        var failure = (await set.Should().ThrowAsync<SecretUnavailableException>()).Which;
        failure.SettingName.Should().Be("Webhooks:CurrentSecret");
        failure.ToString().Should().NotContain("whsec_1");
        Settings["Webhooks:CurrentSecret"].Should().BeNull();
    }

    [Fact]
    public async Task Set_while_a_refresh_is_under_way_the_old_value_does_not_come_back()
    {
        _server.Secrets.Set("Webhooks--CurrentSecret", "whsec_1");
        using var secrets = new KeyVaultSecrets(_server.Client(), VaultFixture.Form());
        secrets.Load();
        var store = new KeyVaultSecretStore(secrets, Microsoft.Extensions.Logging.Abstractions.NullLogger<KeyVaultSecretStore>.Instance);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Next("Webhooks--NextSecret", async context =>
        {
            // The refresh has read the old current secret by now.
            arrived.SetResult();
            await release.Task;
            await VaultServer.RefuseAsync(context, 404, "SecretNotFound");
        });

        var refresh = secrets.RefreshAsync(CancellationToken.None);
        await arrived.Task;
        var set = store.SetAsync("Webhooks:CurrentSecret", "whsec_2", CancellationToken.None);
        // Without the turn-taking the write would be through before the refresh goes on.
        await Task.WhenAny(set, Task.Run(() => release.SetResult()));
        await Task.WhenAll(refresh, set);

        secrets.TryGet("Webhooks:CurrentSecret", out var current).Should().BeTrue();
        current.Should().Be("whsec_2");
    }

    private ISecretStore Store => _host.Services.GetRequiredService<ISecretStore>();

    private IConfiguration Settings => _host.Services.GetRequiredService<IConfiguration>();
}
