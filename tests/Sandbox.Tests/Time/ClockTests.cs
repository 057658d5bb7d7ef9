using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using OmsWorkflows.Local.Sandbox;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Time;

/// <summary>The clock, ids that can be repeated, and starting over.</summary>
public sealed class ClockTests
{
    [Fact]
    public async Task Things_happen_by_themselves_when_time_passes()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox);
        await sandbox.CustomerAsync(approved: false);
        // The runner may not have set its timer yet: let time go on until it has.
        while (receiver.Inbox.IsEmpty)
        {
            sandbox.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        receiver.Events.Should().Equal("customer.endorsement.granted");
    }

    [Fact]
    public async Task What_falls_due_happens_at_its_own_time()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var cashIn = await sandbox.CashInAsync();
        var before = sandbox.Now();
        await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(1));
        await sandbox.SignInAsync();
        (await sandbox.GetAsync($"/cash-ins/{cashIn.Text("id")}")).At("completedAt").GetDateTimeOffset()
            .Should().Be(before + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Next_goes_to_what_is_due_next_and_time_never_goes_back()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var start = sandbox.Now();
        await sandbox.CustomerAsync(approved: false);
        await sandbox.SimAsync("/clock", new { next = true });
        sandbox.Now().Should().Be(start + TimeSpan.FromSeconds(1));
        foreach (var wrong in (object[])[new { advance = "-00:00:01" }, new { to = start }, new { }, new { next = true, advance = 1 }])
            (await sandbox.Http.PostAsJsonAsync("/_sim/clock", wrong)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Same_seed_gives_the_same_ids()
    {
        var ids = new List<string>();
        foreach (var seed in (string[])["5", "5", "6"])
        {
            await using var sandbox = await SandboxHost.StartAsync(("Seed", seed));
            ids.Add((await sandbox.CashInAsync()).Text("id"));
        }
        ids[0].Should().MatchRegex("^ci_[0-7][0-9a-hjkmnp-tv-z]{25}$");
        ids[1].Should().Be(ids[0]);
        ids[2].Should().NotBe(ids[0]);
    }

    [Fact]
    public async Task Reset_forgets_everything_but_gives_no_id_twice()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var before = await sandbox.CashInAsync();
        await sandbox.SimAsync("/endorsements", new { decision = "never" });
        await sandbox.SimAsync("/reset");
        (await sandbox.GetAsync("/customers")).At("data").GetArrayLength().Should().Be(0);
        (await sandbox.CashInAsync()).Text("id").Should().NotBe(before.Text("id"));
    }

    [Theory]
    [InlineData("RetrySchedule", "00:00:00,00:00:05")]
    [InlineData("CodeLifetime", "00:00:20")]
    public void Settings_are_read(string name, string value)
    {
        var options = SandboxOptions.From(Configuration(name, value));
        string.Join(',', name == "CodeLifetime" ? [options.CodeLifetime] : options.RetrySchedule).Should().Be(value);
        SandboxOptions.From(Configuration("Seed", "1")).RetrySchedule.Should().HaveCount(10);
    }

    [Theory]
    [InlineData("CodeLifetime", "00:00:00")]
    [InlineData("ApiVersion", "v1")]
    [InlineData("RetryJitter", "1.5")]
    [InlineData("EndorsementDelay", "-00:00:01")]
    public void Settings_out_of_range_stop_the_start(string name, string value)
    {
        var read = () => SandboxOptions.From(Configuration(name, value));
        read.Should().Throw<InvalidOperationException>();
    }

    private static IConfiguration Configuration(string name, string value)
        => new ConfigurationBuilder().AddInMemoryCollection([new($"Sandbox:{name}", value)]).Build();
}
