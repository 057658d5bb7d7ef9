using System.Text.Json;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Customers;

/// <summary>How endorsements are decided, supplied for, and taken away (docs/oms-api.md 4.3, 4.4).</summary>
public sealed class EndorsementTests
{
    [Fact]
    public async Task Endorsements_are_pending_until_the_delay_is_over()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var customer = await sandbox.PostAsync("/customers", Fixture.Request("customer.create"));
        Statuses(customer).Should().Equal("basic:PENDING", "cryptoCustody:PENDING", "usd:PENDING");
        await sandbox.AdvanceAsync(TimeSpan.FromMilliseconds(999));
        Statuses(await ReadAsync(sandbox, customer)).Should().OnlyContain(status => status.EndsWith("PENDING"));
        await sandbox.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Statuses(await ReadAsync(sandbox, customer)).Should().Equal("basic:ACTIVE", "cryptoCustody:ACTIVE", "usd:ACTIVE");
    }

    [Fact]
    public async Task Asking_for_one_brings_basic()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var customer = await sandbox.PostAsync("/customers", new { type = "individual", endorsements = new[] { "usd" } });
        Statuses(customer).Should().Equal("basic:PENDING", "usd:PENDING");
    }

    [Fact]
    public async Task Issues_end_when_everything_asked_for_was_sent()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/endorsements", new { decision = "issues", externalId = "user-000871" });
        var customer = await sandbox.CustomerAsync();
        Statuses(customer).Should().OnlyContain(status => status.EndsWith("ISSUES"));

        await sandbox.PatchAsync(Path(customer), Fixture.Request("customer.update"));
        await sandbox.SettleAsync();
        var still = await ReadAsync(sandbox, customer);
        Statuses(still).Should().OnlyContain(status => status.EndsWith("ISSUES"));
        still.At("endorsements")[0].At("requirements.issues").GetArrayLength().Should().Be(0, "the address was sent");

        await sandbox.PatchAsync(
            Path(customer), new { identifyingInformation = new[] { new { type = "passport", issuingCountry = "US", number = "C01" } } });
        await sandbox.SettleAsync();
        Statuses(await ReadAsync(sandbox, customer)).Should().OnlyContain(status => status.EndsWith("ACTIVE"));
    }

    [Fact]
    public async Task Rejection_gives_reasons_and_is_reviewed_again_only_when_named()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync(
            "/endorsements",
            new { decision = "reject", next = true, reasons = new[] { new { reason = "No.", developerReason = "sanctions" } } });
        var customer = await sandbox.CustomerAsync();
        customer.At("endorsements")[0].At("rejectionReasons")[0].Text("developerReason").Should().Be("sanctions");

        await sandbox.PatchAsync(Path(customer), new { lastName = "Reyes-Ortega" });
        Statuses(await ReadAsync(sandbox, customer)).Should().OnlyContain(status => status.EndsWith("REJECTED"));
        await sandbox.PatchAsync(Path(customer), new { endorsements = new[] { "usd" } });
        Statuses(await ReadAsync(sandbox, customer)).Should().Contain("usd:PENDING").And.Contain("basic:REJECTED");
    }

    [Fact]
    public async Task Never_stays_pending_until_decided_by_hand()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/endorsements", new { decision = "never" });
        var customer = await sandbox.CustomerAsync();
        await sandbox.AdvanceAsync(TimeSpan.FromDays(30));
        await sandbox.SignInAsync();
        Statuses(await ReadAsync(sandbox, customer)).Should().OnlyContain(status => status.EndsWith("PENDING"));
        Statuses(
            await sandbox.SimAsync("/endorsements", new { decision = "approve", customerId = customer.Text("id") }))
                .Should().OnlyContain(status => status.EndsWith("ACTIVE"));
    }

    [Fact]
    public async Task Revoked_endorsement_comes_back_after_a_patch_and_offboarded_never()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var customer = await sandbox.CustomerAsync();
        var id = customer.Text("id");
        Statuses(
            await sandbox.SimAsync("/endorsements", new { decision = "revoke", customerId = id, endorsements = new[] { "usd" } }))
                .Should().Contain("usd:REVOKED_ISSUES");
        await sandbox.PatchAsync(Path(customer), Fixture.Request("customer.update"));
        await sandbox.SettleAsync();
        Statuses(await ReadAsync(sandbox, customer)).Should().Contain("usd:ACTIVE");

        await sandbox.SimAsync("/endorsements", new { decision = "offboard", customerId = id });
        await sandbox.PatchAsync(Path(customer), Fixture.Request("customer.update"));
        await sandbox.SettleAsync();
        Statuses(await ReadAsync(sandbox, customer)).Should().OnlyContain(status => status.EndsWith("OFFBOARDED"));
    }

    [Fact]
    public async Task A_new_address_puts_active_endorsements_under_review()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var customer = await sandbox.CustomerAsync();
        var changed = await sandbox.PatchAsync(Path(customer), Fixture.Request("customer.update"));
        Statuses(changed).Should().OnlyContain(status => status.EndsWith("PENDING"));
        (await sandbox.PatchAsync(Path(customer), new { email = "new@example.test" })).Text("email").Should().Be("new@example.test");
    }

    [Fact]
    public async Task Write_only_fields_never_come_back()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var customer = await sandbox.CustomerAsync();
        var deliveries = await sandbox.SimGetAsync("/deliveries");
        foreach (var text in (string[])[customer.GetRawText(), deliveries.GetRawText()])
            text
                .Should().NotContain("900-00-0001")
                .And.NotContain("1988-11-02").And.NotContain("410 W 24th").And.NotContain("203.0.113.24");
    }

    private static string Path(JsonElement customer) => $"/customers/{customer.Text("id")}";

    private static Task<JsonElement> ReadAsync(SandboxHost sandbox, JsonElement customer) => sandbox.GetAsync(Path(customer));

    private static IReadOnlyList<string> Statuses(JsonElement customer)
        => [.. customer.At("endorsements").EnumerateArray().Select(
            endorsement => $"{endorsement.Text("name")}:{endorsement.Text("status")}")];
}
