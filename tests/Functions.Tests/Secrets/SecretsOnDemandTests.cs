using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Secrets;

namespace OmsWorkflows.Functions.Tests.Secrets;

/// <summary>
/// Secrets read out of turn: whoever sends forged signatures causes no load at the vault (docs/decisions/0011-many-instances.md).
/// </summary>
public sealed class SecretsOnDemandTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new();
    private VaultServer _server = null!;
    private KeyVaultSecrets _secrets = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await VaultServer.StartAsync();
        _server.SeedRequired();
        _secrets = new(_server.Client(), VaultFixture.Form());
        _secrets.Load();
    }

    public async ValueTask DisposeAsync()
    {
        _secrets.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_secret_another_instance_stored_is_there_after_one_refresh()
    {
        _server.Secrets.Set("Webhooks--CurrentSecret", "whsec_1");

        (await new SecretsOnDemand(_secrets, _clock).TryRefreshAsync(Token)).Should().BeTrue();

        _secrets.TryGet("Webhooks:CurrentSecret", out var secret).Should().BeTrue();
        secret.Should().Be("whsec_1");
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_reads_and_nobody_asks_again_until_the_pause_is_over()
    {
        var onDemand = new SecretsOnDemand(_secrets, _clock);
        var before = _server.Requests.Count;

        var first = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => onDemand.TryRefreshAsync(Token))));
        var once = _server.Requests.Count - before;
        _clock.Advance(SecretsOnDemand.Pause - TimeSpan.FromTicks(1));
        (await onDemand.TryRefreshAsync(Token)).Should().BeFalse();

        first.Should().ContainSingle(areFresh => areFresh);
        once.Should().Be(SecretSettings.All.Count);
        (_server.Requests.Count - before).Should().Be(once);
        _clock.Advance(TimeSpan.FromTicks(1));
        (await onDemand.TryRefreshAsync(Token)).Should().BeTrue();
    }

    [Fact]
    public async Task What_the_vault_does_not_answer_is_not_fresh()
    {
        _server.Refuse("Webhooks--CurrentSecret", 403, "Forbidden");

        (await new SecretsOnDemand(_secrets, _clock).TryRefreshAsync(Token)).Should().BeFalse();
    }
}
