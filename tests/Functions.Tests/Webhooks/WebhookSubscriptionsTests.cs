using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Oms;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class WebhookSubscriptionsTests(Azurite azurite) : IAsyncLifetime
{
    private const string Url = "https://app.example/api/webhooks/oms";

    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly Secrets _secrets = new();
    private readonly ConcurrentDictionary<string, string> _endpoints = new();
    private OmsHarness _oms = null!;
    private AppTables _tables = null!;

    private WebhookSubscriptions Subscriptions => new(
        _oms.Client, _secrets, new SubscriptionSlots(_tables, _clock), NullLogger<WebhookSubscriptions>.Instance);

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _oms.Stub.Answer = AnswerAsync;
        _tables = await azurite.TablesAsync();
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task CreateAsync_First_RegistersExactNamesAndStoresTheSecret()
    {
        var created = await Subscriptions.CreateAsync(Url, Token);
        created.SecretSetting.Should().Be("Webhooks:CurrentSecret");
        _secrets.Values.Should().Equal(new Dictionary<string, string> { ["Webhooks:CurrentSecret"] = $"whsec_{created.Id}" });
        var sent = JsonNode.Parse(_oms.Stub.Calls.Single().Body)!;
        ((string)sent["url"]!).Should().Be(Url);
        sent["events"]!.AsArray().Select(name => (string)name!).Should().Equal(EventNames.Subscribed);
    }

    [Fact]
    public async Task CreateAsync_Again_IsRefused()
    {
        await Subscriptions.CreateAsync(Url, Token);
        var again = () => Subscriptions.CreateAsync(Url, Token);
        await again.Should().ThrowAsync<SubscriptionConflictException>();
        _endpoints.Should().ContainSingle();
    }

    [Fact]
    public async Task CreateAsync_AfterTheSecretCouldNotBeStored_FinishesTheSameRegistration()
    {
        _secrets.Failing = true;
        var first = () => Subscriptions.CreateAsync(Url, Token);
        await first.Should().ThrowAsync<IOException>();

        _secrets.Failing = false;
        var created = await Subscriptions.CreateAsync(Url, Token);

        _endpoints.Keys.Should().Equal(created.Id);
        _secrets.Values["Webhooks:CurrentSecret"].Should().Be($"whsec_{created.Id}");
    }

    [Fact]
    public async Task CreateAsync_LongAfterAFailure_DoesNotTrustTheOldKey()
    {
        _secrets.Failing = true;
        var first = () => Subscriptions.CreateAsync(Url, Token);
        await first.Should().ThrowAsync<IOException>();
        _secrets.Failing = false;
        _clock.Advance(TimeSpan.FromHours(21));
        await Subscriptions.CreateAsync(Url, Token);
        _oms.Stub.Calls.Select(call => call.IdempotencyKey).Should().HaveCount(2).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Rotation_TwiceOver_AlwaysLeavesTheSecretOfTheLivingEndpoint()
    {
        var first = await Subscriptions.CreateAsync(Url, Token);
        _clock.Advance(TimeSpan.FromDays(1));
        var second = await Subscriptions.RotateAsync(Token);
        second.Url.Should().Be(Url);
        _secrets.Values.Should().HaveCount(2).And.ContainValues($"whsec_{first.Id}", $"whsec_{second.Id}");
        var tooEarly = () => Subscriptions.RotateAsync(Token);
        await tooEarly.Should().ThrowAsync<SubscriptionConflictException>();

        (await Subscriptions.FinishRotationAsync(Token)).Should().Be(first.Id);
        _secrets.Values.Values.Should().Equal($"whsec_{second.Id}");
        _endpoints.Keys.Should().Equal(second.Id);

        _clock.Advance(TimeSpan.FromDays(1));
        var third = await Subscriptions.RotateAsync(Token);
        (await Subscriptions.FinishRotationAsync(Token)).Should().Be(second.Id);
        _secrets.Values.Values.Should().Equal($"whsec_{third.Id}");
        (await Subscriptions.ListAsync(Token)).Should().ContainSingle().Which.SecretSetting.Should().Be(_secrets.Values.Keys.Single());
    }

    [Fact]
    public async Task Finish_OrRotate_WithNothingToDo_IsRefused()
    {
        var finishing = () => Subscriptions.FinishRotationAsync(Token);
        await finishing.Should().ThrowAsync<SubscriptionConflictException>();
        var rotating = () => Subscriptions.RotateAsync(Token);
        await rotating.Should().ThrowAsync<SubscriptionConflictException>();
    }

    [Fact]
    public async Task DeleteAsync_RemovesEndpointAndSecret_AndMayBeRepeated()
    {
        var created = await Subscriptions.CreateAsync(Url, Token);
        (await Subscriptions.DeleteAsync(created.Id, Token)).Should().BeTrue();
        _secrets.Values.Should().BeEmpty();
        _endpoints.Should().BeEmpty();
        (await Subscriptions.DeleteAsync(created.Id, Token)).Should().BeFalse();
        (await Subscriptions.CreateAsync(Url, Token)).Id.Should().NotBe(created.Id);
    }

    [Fact]
    public async Task EnableAsync_False_PausesAndKeepsTheSecret()
    {
        var created = await Subscriptions.CreateAsync(Url, Token);
        (await Subscriptions.EnableAsync(created.Id, false, Token)).Enabled.Should().BeFalse();
        _oms.Stub.Calls[^1].Should().BeEquivalentTo(new { Method = "PATCH", Path = $"/v0.9/webhooks/{created.Id}" });
        _secrets.Values.Should().ContainKey("Webhooks:CurrentSecret");
    }

    [Fact]
    public async Task EnableAsync_Unknown_IsNotFound()
    {
        var pausing = () => Subscriptions.EnableAsync("whk_none", false, Token);
        (await pausing.Should().ThrowAsync<OmsException>()).Which.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    /// <summary>OMS as far as endpoints go; a repeated key is answered as the first time.</summary>
    private async Task AnswerAsync(HttpContext context)
    {
        var id = context.Request.Path.Value!.Split('/')[^1];
        switch (context.Request.Method)
        {
            case "POST":
                id = "whk_" + Math.Abs(context.Request.Headers["Idempotency-Key"].ToString().GetHashCode());
                _endpoints[id] = Url;
                await OmsStub.Json(HttpStatusCode.Created, Endpoint(id, secret: true, enabled: true))(context);
                break;
            case "GET":
                var listed = string.Join(',', _endpoints.Keys.Select(key => Endpoint(key, secret: false, enabled: true)));
                await OmsStub.Json(HttpStatusCode.OK, $$"""{"data":[{{listed}}],"hasMore":false}""")(context);
                break;
            case "PATCH" when _endpoints.ContainsKey(id):
                await OmsStub.Json(HttpStatusCode.OK, Endpoint(id, secret: false, enabled: false))(context);
                break;
            case "DELETE" when _endpoints.TryRemove(id, out _):
                await OmsStub.Json(HttpStatusCode.OK, "{}")(context);
                break;
            default:
                await OmsStub.Json(HttpStatusCode.NotFound, Fixture.Text("errors/404.not_found.json"))(context);
                break;
        }
    }

    private static string Endpoint(string id, bool secret, bool enabled)
    {
        var endpoint = new JsonObject { ["id"] = id, ["url"] = Url, ["enabled"] = enabled, ["status"] = enabled ? "active" : "disabled" };
        if (secret)
            endpoint["secret"] = "whsec_" + id;
        return endpoint.ToJsonString();
    }

    private sealed class Secrets : ISecretStore
    {
        public ConcurrentDictionary<string, string> Values { get; } = new();

        public bool Failing { get; set; }

        public Task SetAsync(string settingName, string value, CancellationToken cancellationToken)
        {
            if (Failing)
                throw new IOException("The vault is closed.");
            Values[settingName] = value;
            return Task.CompletedTask;
        }

        public Task RemoveAsync(string settingName, CancellationToken cancellationToken)
        {
            Values.TryRemove(settingName, out _);
            return Task.CompletedTask;
        }
    }
}
