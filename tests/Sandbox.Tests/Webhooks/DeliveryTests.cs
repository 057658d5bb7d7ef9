using System.Text;
using OmsWorkflows.Local.Sandbox.Webhooks;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Webhooks;

/// <summary>Signing, retries, and what an endpoint's state does (docs/oms-api.md 9.3), against a real receiver.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task Webhook_is_signed_with_the_secret_at_the_real_time()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var (_, secret) = await receiver.SubscribeAsync(sandbox);
        secret.Should().MatchRegex("^whsec_[0-9a-f]{64}$");
        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));
        await sandbox.SignInAsync();
        await sandbox.CustomerAsync();
        var received = receiver.Inbox.Should().ContainSingle().Subject;
        Receiver.IsSigned(received, secret).Should().BeTrue();
        received.ContentType.Should().Be("application/json");
    }

    [Fact]
    public async Task Key_can_be_the_decoded_hex()
    {
        await using var sandbox = await SandboxHost.StartAsync(("SignatureKey", "HexDecoded"));
        await using var receiver = await Receiver.StartAsync();
        var (_, secret) = await receiver.SubscribeAsync(sandbox);
        await sandbox.CustomerAsync();
        Receiver.IsSigned(receiver.Inbox.Single(), Convert.FromHexString(secret["whsec_".Length..])).Should().BeTrue();
        Receiver.IsSigned(receiver.Inbox.Single(), secret).Should().BeFalse();
    }

    [Fact]
    public void Signature_is_that_of_the_worked_cases()
    {
        var cases = Fixture.Read("signature.json");
        var secret = cases.Text("secret");
        foreach (var example in cases.At("cases").EnumerateArray())
        {
            var (header, body) = (example.Text("header"), Encoding.UTF8.GetBytes(example.Text("body")));
            var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(header[2..12], System.Globalization.CultureInfo.InvariantCulture));
            var own = WebhookSignature.Header(secret, WebhookKeyMode.WholeString, at, body).Split(',')[1];
            var signatureFits = example.Text("name") is "valid" or "too old" or "two v1, second is right";
            header.Contains(own, StringComparison.Ordinal).Should().Be(signatureFits, example.Text("name"));
        }
        var variant = cases.At("hexDecodedKeyVariant");
        WebhookSignature.Header(
            secret, WebhookKeyMode.HexDecoded, DateTimeOffset.FromUnixTimeSeconds(1781104804), Encoding.UTF8.GetBytes(variant.Text("body")))
            .Should().Be(variant.Text("header"));
    }

    [Fact]
    public async Task Failed_attempts_are_repeated_on_the_schedule_with_the_same_bytes_and_then_given_up()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = _ => 500;
        await receiver.SubscribeAsync(sandbox);
        await sandbox.CustomerAsync();
        await sandbox.AdvanceAsync(TimeSpan.FromDays(4));

        var delivery = (await sandbox.SimGetAsync("/deliveries")).At("data")[0];
        delivery.Text("state").Should().Be("failed");
        var times = delivery.At("attempts").EnumerateArray().Select(attempt => attempt.At("at").GetDateTimeOffset()).ToList();
        times.Zip(times.Skip(1), (earlier, later) => later - earlier).Should().Equal(
            TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
            TimeSpan.FromHours(3), TimeSpan.FromHours(8), TimeSpan.FromHours(20), TimeSpan.FromHours(36));
        receiver.Inbox.Should().HaveCount(10);
        receiver.Inbox.Select(received => Convert.ToHexString(received.Body)).Distinct().Should().ContainSingle();
    }

    [Theory]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task Anything_but_2xx_is_repeated(int status)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var answers = new Queue<int>([status, 204]);
        receiver.Answer = _ => answers.Dequeue();
        await receiver.SubscribeAsync(sandbox);
        await sandbox.CustomerAsync();
        receiver.Inbox.Should().HaveCount(1);
        await sandbox.AdvanceAsync(TimeSpan.FromDays(4));
        receiver.Inbox.Should().HaveCount(2);
        (await sandbox.SimGetAsync("/deliveries")).At("data")[0].Text("state").Should().Be("delivered");
    }

    [Fact]
    public async Task Gone_disables_the_endpoint()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = _ => 410;
        var (endpoint, _) = await receiver.SubscribeAsync(sandbox);
        await sandbox.CustomerAsync();
        (await sandbox.GetAsync($"/webhooks/{endpoint}")).Text("status").Should().Be("disabled");
        await sandbox.CustomerAsync();
        receiver.Inbox.Should().HaveCount(1);
    }

    [Fact]
    public async Task What_happens_while_paused_is_not_told_later()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var (endpoint, _) = await receiver.SubscribeAsync(sandbox);
        await sandbox.PatchAsync($"/webhooks/{endpoint}", new { enabled = false });
        await sandbox.CustomerAsync();
        await sandbox.PatchAsync($"/webhooks/{endpoint}", new { enabled = true });
        await sandbox.AdvanceAsync(TimeSpan.FromHours(1));
        receiver.Inbox.Should().BeEmpty();
    }

    [Fact]
    public async Task Deleted_endpoint_gets_nothing_more()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = _ => 500;
        var (endpoint, _) = await receiver.SubscribeAsync(sandbox);
        await sandbox.CustomerAsync();
        await sandbox.Http.DeleteAsync($"/v0.9/webhooks/{endpoint}");
        await sandbox.AdvanceAsync(TimeSpan.FromDays(4));
        receiver.Inbox.Should().HaveCount(1);
        (await sandbox.SimGetAsync("/deliveries")).At("data")[0].Text("state").Should().Be("stopped");
    }

    [Fact]
    public async Task Each_endpoint_gets_its_own_delivery_of_the_same_event()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox);
        await receiver.SubscribeAsync(sandbox, "customer.endorsement.granted");
        await receiver.SubscribeAsync(sandbox, "cashIn.completed");
        await sandbox.CustomerAsync();
        receiver.Inbox.Should().HaveCount(2);
        receiver.Inbox.Select(received => received.Id).Should().OnlyHaveUniqueItems();
        receiver.Inbox.Select(received => received.Json.Text("eventId")).Distinct().Should().ContainSingle();
    }

    [Theory]
    [InlineData("cashIn.*", "cashIn.completed", true)]
    [InlineData("transaction.*.failed", "transaction.fiatToCrypto.failed", true)]
    [InlineData("transaction.*.failed", "transaction.fiatToCrypto.completed", false)]
    [InlineData("transaction.*", "transaction.fiatToCrypto.completed", true)]
    [InlineData("transaction.*", "transaction", false)]
    [InlineData("cashIn.completed", "cashIn.completed", true)]
    [InlineData("cashIn", "cashIn.completed", false)]
    public void Patterns_stand_for_segments(string pattern, string name, bool matches)
        => EventPattern.Matches(pattern, name).Should().Be(matches);

    [Theory]
    [InlineData("http://hooks.example.test/oms", false)]
    [InlineData("http://localhost:5000/oms", true)]
    [InlineData("https://hooks.example.test/oms", true)]
    [InlineData("/oms", false)]
    public async Task Url_must_be_https_but_on_this_machine(string url, bool taken)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        (await sandbox.TryPostAsync("/webhooks", new { url })).IsSuccessStatusCode.Should().Be(taken);
    }

    [Fact]
    public async Task Delivery_can_be_sent_again_by_hand()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox);
        await sandbox.CustomerAsync();
        var id = receiver.Inbox.Single().Id;
        await sandbox.SimAsync($"/deliveries/{id}/resend");
        receiver.Inbox.Select(received => received.Id).Should().Equal(id, id);
    }
}
