using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Faults;

/// <summary>Webhooks that are lost, doubled, late, out of order, or badly signed.</summary>
public sealed class WebhookFaultTests
{
    private const string Processing = "transaction.fiatToCrypto.processing";
    private const string Completed = "transaction.fiatToCrypto.completed";

    [Fact]
    public async Task The_completion_arrives_twice_before_its_processing_65_minutes_late_once_with_a_bad_signature()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var (_, secret) = await receiver.SubscribeAsync(sandbox, Processing, Completed);
        receiver.Answer = received => Receiver.IsSigned(received, secret) ? 200 : 401;
        var completion = new { @event = Completed };
        await sandbox.SimAsync("/faults", new object[]
        {
            new { fault = "reorder", behind = Completed, match = new { @event = Processing } },
            new { fault = "delay", delay = "01:05:00", match = completion },
            new { fault = "duplicate", match = completion },
            new { fault = "badSignature", match = completion },
        });

        var cashIn = await sandbox.CashInAsync();
        await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(65));
        receiver.Inbox.Should().BeEmpty();
        await sandbox.AdvanceAsync(TimeSpan.FromSeconds(10));

        receiver.Events.Where(name => name == Completed).Should().HaveCount(2);
        receiver.Events.First().Should().Be(Completed);
        receiver.Events.Should().ContainSingle(name => name == Processing);
        receiver.Inbox.Where(received => received.Event == Completed).Select(received => received.Id).Distinct().Should().ContainSingle();
        receiver.Inbox.Select(received => Receiver.IsSigned(received, secret)).Count(good => !good).Should().Be(1);
    }

    [Fact]
    public async Task Dropped_webhook_never_comes()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox);
        await sandbox.SimAsync("/faults", new { fault = "drop", match = new { @event = "customer.*" } });
        await sandbox.CustomerAsync();
        await sandbox.AdvanceAsync(TimeSpan.FromDays(4));
        receiver.Inbox.Should().BeEmpty();
        (await sandbox.SimGetAsync("/deliveries?state=dropped")).At("data").GetArrayLength().Should().Be(1);
        await sandbox.SignInAsync();
        await sandbox.CustomerAsync();
        receiver.Inbox.Should().HaveCount(1, "the fault is used up");
    }

    [Fact]
    public async Task Lost_answer_makes_a_second_delivery_with_the_same_id()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox);
        await sandbox.SimAsync("/faults", new { fault = "loseAnswer" });
        await sandbox.CustomerAsync();
        await sandbox.AdvanceAsync(TimeSpan.FromHours(1));
        receiver.Inbox.Should().HaveCount(2);
        receiver.Inbox.Select(received => received.Id).Distinct().Should().ContainSingle();
    }

    [Theory]
    [InlineData("""{"fault":"garble","of":"webhook","contentType":"application/json;charset=utf8"}""",
        "application/json;charset=utf8", null)]
    [InlineData("""{"fault":"garble","of":"webhook","contentType":""}""", null, null)]
    [InlineData("""{"fault":"garble","of":"webhook","headers":{"Content-Encoding":"identity"}}""", "application/json", "identity")]
    [InlineData("""{"fault":"garble","bom":true,"match":{"event":"customer.*"}}""", "application/json", null)]
    public async Task Other_forms_are_signed_and_stay_on_every_attempt(string fault, string? contentType, string? encoding)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var (_, secret) = await receiver.SubscribeAsync(sandbox);
        receiver.Answer = _ => receiver.Inbox.Count == 1 ? 415 : 200;
        await sandbox.Http.PostAsync("/_sim/faults", new StringContent(fault));

        await sandbox.CustomerAsync();
        await sandbox.AdvanceAsync(TimeSpan.FromHours(1));

        receiver.Inbox.Should().HaveCount(2).And.OnlyContain(received
            => received.ContentType == contentType && received.ContentEncoding == encoding && Receiver.IsSigned(received, secret));
        receiver.Inbox.Should().OnlyContain(received => (received.Body[0] == 0xEF) == fault.Contains("bom"));
        (await sandbox.SimGetAsync("/deliveries")).At("data")[0].At("body").ValueKind
            .Should().Be(fault.Contains("bom") ? System.Text.Json.JsonValueKind.String : System.Text.Json.JsonValueKind.Object);
    }

    [Fact]
    public async Task Edited_payload_is_signed_as_it_is_sent()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var (_, secret) = await receiver.SubscribeAsync(sandbox);
        await sandbox.SimAsync("/faults", new
        {
            fault = "edit",
            replace = new Dictionary<string, object> { ["data.status"] = "dormant" },
            remove = new[] { "sequence" },
            match = new { @event = "customer.*", where = new Dictionary<string, string> { ["data.status"] = "active" } },
        });

        await sandbox.CustomerAsync();

        var received = receiver.Inbox.Single();
        received.Json.Text("data.status").Should().Be("dormant");
        received.Json.TryGetProperty("sequence", out _).Should().BeFalse();
        Receiver.IsSigned(received, secret).Should().BeTrue();
        (await sandbox.GetAsync("/customers")).At("data")[0].Text("status").Should().Be("active", "answers are left alone");
    }

    [Fact]
    public async Task Held_webhook_goes_in_the_end_when_nothing_follows()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox);
        await sandbox.SimAsync("/faults", new { fault = "reorder", delay = "00:20:00" });
        await sandbox.CustomerAsync();
        receiver.Inbox.Should().BeEmpty();
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(20));
        receiver.Inbox.Should().HaveCount(1);
    }

    [Fact]
    public async Task Chance_is_repeatable_by_its_seed()
    {
        var runs = new List<string>();
        foreach (var seed in (int[])[7, 7, 8])
        {
            await using var sandbox = await SandboxHost.StartAsync();
            await using var receiver = await Receiver.StartAsync();
            await receiver.SubscribeAsync(sandbox);
            await sandbox.SimAsync("/faults", new { fault = "drop", probability = 0.5, seed });
            for (var i = 0; i < 20; i++)
                await sandbox.PostAsync("/customers", Fixture.Request("customer.create"));
            await sandbox.SettleAsync();
            var states = (await sandbox.SimGetAsync("/deliveries")).At("data").EnumerateArray().Select(delivery => delivery.Text("state"));
            runs.Add(string.Join(' ', states));
            receiver.Inbox.Count.Should().BeInRange(1, 19);
        }
        runs[1].Should().Be(runs[0]);
        runs[2].Should().NotBe(runs[0]);
    }
}
