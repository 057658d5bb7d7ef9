using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Http;
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
    private readonly ConcurrentBag<string> _deleted = [];
    private OmsHarness _oms = null!;
    private bool _loseAnswer;
    private string _version = "v0.9";
    private AppTables _tables = null!;

    private WebhookSubscriptions Subscriptions => new(
        _oms.Client,
        Options.Create(new OmsOptions { ApiVersion = _version }),
        _secrets,
        new SubscriptionSlots(_tables, _clock),
        _clock,
        NullLogger<WebhookSubscriptions>.Instance);

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _oms.Stub.Answer = AnswerAsync;
        _tables = await azurite.TablesAsync();
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Theory]
    [InlineData("...")]
    [InlineData("whk 1")]
    [InlineData("whk_é")]
    public async Task Endpoint_that_can_be_none_is_not_found(string id)
    {
        var endpoints = new SubscriptionEndpoints(Subscriptions, new FixedOptions<WebhookOptions>(new()));

        (await Asked.AskAsync("", request => endpoints.PauseWebhookEndpoint(request, id))).Status.Should().Be(404);
        (await Asked.AskAsync("", request => endpoints.ResumeWebhookEndpoint(request, id))).Status.Should().Be(404);
        (await Asked.AskAsync("", request => endpoints.DeleteWebhookEndpoint(request, id))).Status.Should().Be(404);
    }

    [Theory]
    [InlineData("?ulr=https://app.example/api/webhooks/oms", "ulr")]
    [InlineData("?url=https://app.example/a&url=https://app.example/b", "url")]
    [InlineData("?url=", "url")]
    public async Task Address_that_cannot_be_meant_registers_nothing(string query, string field)
    {
        var endpoints = new SubscriptionEndpoints(Subscriptions, new FixedOptions<WebhookOptions>(new() { PublicUrl = Url }));

        (await Asked.AskAsync(query, endpoints.CreateWebhookEndpoint)).Errors.Should().Equal(field);
        _endpoints.Should().BeEmpty();
    }

    [Fact]
    public async Task Create_first_registers_exact_names_and_stores_the_secret()
    {
        var created = await Subscriptions.CreateAsync(Url, Token);

        created.SecretSetting.Should().Be("Webhooks:CurrentSecret");
        _secrets.Values.Should().Equal(new Dictionary<string, string> { ["Webhooks:CurrentSecret"] = $"whsec_{created.Id}" });
        var sent = JsonNode.Parse(_oms.Stub.Calls.Single().Body)!;
        ((string)sent["url"]!).Should().Be(Url);
        sent["events"]!.AsArray().Select(name => (string)name!).Should().Equal(EventNames.SubscribedIn("v0.9"));
    }

    [Fact]
    public async Task Create_in_a_later_version_registers_its_names()
    {
        _version = "v0.11";

        await Subscriptions.CreateAsync(Url, Token);

        var sent = JsonNode.Parse(_oms.Stub.Calls.Single().Body)!;
        sent["events"]!.AsArray().Select(name => (string)name!).Should()
            .Contain(["transaction.statusChanged", "endorsement.active", "cashIn.completed"])
            .And.NotContain(["transaction.fiatToCrypto.completed", "customer.endorsement.granted"]);
    }

    [Fact]
    public async Task Create_again_is_refused()
    {
        await Subscriptions.CreateAsync(Url, Token);
        var again = () => Subscriptions.CreateAsync(Url, Token);

        await again.Should().ThrowAsync<SubscriptionConflictException>();
        _endpoints.Should().ContainSingle();
    }

    [Fact]
    public async Task Create_after_the_secret_could_not_be_stored_finishes_the_same_registration()
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
    public async Task Create_long_after_a_failure_does_not_trust_the_old_key()
    {
        _secrets.Failing = true;
        var first = () => Subscriptions.CreateAsync(Url, Token);

        await first.Should().ThrowAsync<IOException>();
        _secrets.Failing = false;
        _clock.Advance(TimeSpan.FromHours(21));
        await Subscriptions.CreateAsync(Url, Token);
        _oms.Stub.Calls.Where(call => call.Method == "POST").Select(call => call.IdempotencyKey).Should().HaveCount(2).And
            .OnlyHaveUniqueItems();
        _endpoints.Keys.Should().ContainSingle("the one whose secret was never stored is deleted");
    }

    [Fact]
    public async Task Rotation_twice_over_always_leaves_the_secret_of_the_living_endpoint()
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
    public async Task Of_two_creations_at_once_one_registers_and_the_other_is_told_so()
    {
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _secrets.BeforeSet = async () =>
        {
            reached.SetResult();
            await goOn.Task;
        };
        var first = Subscriptions.CreateAsync(Url, Token);
        await reached.Task;

        var second = () => Subscriptions.CreateAsync(Url, Token);
        await second.Should().ThrowAsync<SubscriptionConflictException>();
        goOn.SetResult();

        var created = await first;
        _endpoints.Keys.Should().Equal(created.Id);
        _secrets.Values["Webhooks:CurrentSecret"].Should().Be($"whsec_{created.Id}");
    }

    [Fact]
    public async Task A_crash_before_the_answer_was_noted_leaves_no_orphan_a_day_later()
    {
        _loseAnswer = true;
        var first = () => Subscriptions.CreateAsync(Url, Token);
        await first.Should().ThrowAsync<OmsException>();
        _endpoints.Should().ContainSingle();
        _loseAnswer = false;
        _clock.Advance(TimeSpan.FromHours(21));

        var created = await Subscriptions.CreateAsync(Url, Token);

        _endpoints.Keys.Should().Equal(created.Id);
    }

    [Fact]
    public async Task An_answer_repeated_about_a_deleted_endpoint_is_not_believed()
    {
        _secrets.Failing = true;
        var first = () => Subscriptions.CreateAsync(Url, Token);
        await first.Should().ThrowAsync<IOException>();
        _secrets.Failing = false;
        var gone = _endpoints.Keys.Single();
        _endpoints.Clear();
        _deleted.Add(gone);

        var created = await Subscriptions.CreateAsync(Url, Token);

        created.Id.Should().NotBe(gone);
        _endpoints.Keys.Should().Equal(created.Id);
        _secrets.Values["Webhooks:CurrentSecret"].Should().Be($"whsec_{created.Id}");
    }

    [Fact]
    public async Task A_deletion_that_broke_off_is_finished_by_the_next_creation()
    {
        var created = await Subscriptions.CreateAsync(Url, Token);
        _secrets.Failing = true;
        var deleting = () => Subscriptions.DeleteAsync(created.Id, Token);
        await deleting.Should().ThrowAsync<IOException>();
        _secrets.Failing = false;

        var next = await Subscriptions.CreateAsync(Url, Token);

        _secrets.Values.Should().Equal(new Dictionary<string, string> { ["Webhooks:CurrentSecret"] = $"whsec_{next.Id}" });
    }

    [Fact]
    public async Task After_a_crash_in_the_middle_a_creation_is_possible_once_the_hold_ran_out()
    {
        await _tables.Subscriptions.AddEntityAsync(
            new TableEntity("endpoint", "subscription") { ["HeldUntil"] = _clock.GetUtcNow() + TimeSpan.FromMinutes(5), ["Newer"] = "x" });
        var tooEarly = () => Subscriptions.CreateAsync(Url, Token);
        await tooEarly.Should().ThrowAsync<SubscriptionConflictException>();
        _clock.Advance(TimeSpan.FromMinutes(5));

        await Subscriptions.CreateAsync(Url, Token);

        (await _tables.Subscriptions.GetEntityAsync<TableEntity>("endpoint", "subscription")).Value.GetString("Newer").Should().Be("x");
    }

    [Fact]
    public async Task Finish_or_rotate_with_nothing_to_do_is_refused()
    {
        var finishing = () => Subscriptions.FinishRotationAsync(Token);

        await finishing.Should().ThrowAsync<SubscriptionConflictException>();
        var rotating = () => Subscriptions.RotateAsync(Token);
        await rotating.Should().ThrowAsync<SubscriptionConflictException>();
    }

    [Fact]
    public async Task Delete_removes_endpoint_and_secret_and_may_be_repeated()
    {
        var created = await Subscriptions.CreateAsync(Url, Token);

        (await Subscriptions.DeleteAsync(created.Id, Token)).Should().BeTrue();
        _secrets.Values.Should().BeEmpty();
        _endpoints.Should().BeEmpty();
        (await Subscriptions.DeleteAsync(created.Id, Token)).Should().BeFalse();
        (await Subscriptions.CreateAsync(Url, Token)).Id.Should().NotBe(created.Id);
    }

    [Fact]
    public async Task Enable_false_pauses_and_keeps_the_secret()
    {
        var created = await Subscriptions.CreateAsync(Url, Token);

        (await Subscriptions.EnableAsync(created.Id, false, Token)).Enabled.Should().BeFalse();
        _oms.Stub.Calls[^1].Should().BeEquivalentTo(new { Method = "PATCH", Path = $"/v0.9/webhooks/{created.Id}" });
        _secrets.Values.Should().ContainKey("Webhooks:CurrentSecret");
    }

    [Fact]
    public async Task Enable_unknown_is_not_found()
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
                if (!_deleted.Contains(id))
                    _endpoints[id] = Url;
                var answer = _loseAnswer ? OmsStub.Cut() : OmsStub.Json(HttpStatusCode.Created, Endpoint(id, secret: true, enabled: true));
                await answer(context);
                break;
            case "GET" when id.StartsWith("whk_", StringComparison.Ordinal):
                await (_endpoints.ContainsKey(id)
                    ? OmsStub.Json(HttpStatusCode.OK, Endpoint(id, secret: false, enabled: true))
                    : OmsStub.Json(HttpStatusCode.NotFound, Fixture.Text("errors/404.not_found.json")))(context);
                break;
            case "GET":
                var listed = string.Join(',', _endpoints.Keys.Select(key => Endpoint(key, secret: false, enabled: true)));
                await OmsStub.Json(HttpStatusCode.OK, $$"""{"data":[{{listed}}],"hasMore":false}""")(context);
                break;
            case "PATCH" when _endpoints.ContainsKey(id):
                await OmsStub.Json(HttpStatusCode.OK, Endpoint(id, secret: false, enabled: false))(context);
                break;
            case "DELETE" when _endpoints.TryRemove(id, out _):
                _deleted.Add(id);
                await OmsStub.Json(HttpStatusCode.OK, "{}")(context);
                break;
            default:
                await OmsStub.Json(HttpStatusCode.NotFound, Fixture.Text("errors/404.not_found.json"))(context);
                break;
        }
    }

    private string Endpoint(string id, bool secret, bool enabled)
    {
        var endpoint = new JsonObject { ["id"] = id, ["url"] = Url, ["enabled"] = enabled, ["status"] = enabled ? "active" : "disabled" };
        endpoint["createdAt"] = _clock.GetUtcNow().ToString("O");
        if (secret)
            endpoint["secret"] = "whsec_" + id;
        return endpoint.ToJsonString();
    }

    private sealed class Secrets : ISecretStore
    {
        public ConcurrentDictionary<string, string> Values { get; } = new();

        public bool Failing { get; set; }

        public Func<Task>? BeforeSet { get; set; }

        public async Task SetAsync(string settingName, string value, CancellationToken cancellationToken)
        {
            if (Failing)
                throw new IOException("The vault is closed.");
            if (BeforeSet is not null)
                await BeforeSet();
            Values[settingName] = value;
        }

        public Task RemoveAsync(string settingName, CancellationToken cancellationToken)
        {
            if (Failing)
                throw new IOException("The vault is closed.");
            Values.TryRemove(settingName, out _);
            return Task.CompletedTask;
        }
    }
}
