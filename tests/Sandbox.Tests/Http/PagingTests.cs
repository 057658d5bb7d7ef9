using System.Net;
using System.Text.Json;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Http;

/// <summary>docs/oms-api.md 3.2.</summary>
public sealed class PagingTests
{
    [Fact]
    public async Task Pages_go_forward_and_back_newest_first()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var made = await CashInsAsync(sandbox, 5);
        var newestFirst = made.AsEnumerable().Reverse().ToList();

        var first = await sandbox.GetAsync("/transactions?limit=2");
        var second = await sandbox.GetAsync($"/transactions?limit=2&startingAfter={first.Text("nextCursor")}");
        var third = await sandbox.GetAsync($"/transactions?limit=2&startingAfter={second.Text("nextCursor")}");
        Ids(first).Concat(Ids(second)).Concat(Ids(third)).Should().Equal(newestFirst);
        new[] { first, second, third }.Select(page => page.At("hasMore").GetBoolean()).Should().Equal(true, true, false);
        third.Text("nextCursor").Should().NotBeEmpty("a cursor is there whenever the page is not empty");

        var back = await sandbox.GetAsync($"/transactions?limit=2&endingBefore={third.Text("previousCursor")}");
        Ids(back).Should().Equal(Ids(second));
        var empty = await sandbox.GetAsync($"/transactions?startingAfter={third.Text("nextCursor")}");
        (empty.At("data").GetArrayLength(), empty.At("nextCursor").ValueKind).Should().Be((0, JsonValueKind.Null));
    }

    [Fact]
    public async Task Times_are_inclusive_on_both_ends()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await CashInsAsync(sandbox, 3);
        var middle = (await sandbox.GetAsync("/transactions")).At("data")[1];
        var at = Uri.EscapeDataString(middle.Text("createdAt"));
        Ids(await sandbox.GetAsync($"/transactions?createdAfter={at}&createdBefore={at}")).Should().Equal(middle.Text("id"));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=many")]
    [InlineData("startingAfter=%21%21")]
    [InlineData("createdAfter=yesterday")]
    public async Task Wrong_query_is_refused(string query)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        (await sandbox.Http.GetAsync($"/v0.9/customers?{query}")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_limit_above_the_cap_is_clamped_and_fifty_is_usual()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        for (var i = 0; i < 101; i++)
            await sandbox.PostAsync("/customers", new { type = "individual" });
        (await sandbox.GetAsync("/customers?limit=1000")).At("data").GetArrayLength().Should().Be(100);
        (await sandbox.GetAsync("/customers")).At("data").GetArrayLength().Should().Be(50);
    }

    [Fact]
    public async Task Lists_can_be_filtered()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await CashInsAsync(sandbox, 1);
        var other = await sandbox.CashInAsync();
        Ids(await sandbox.GetAsync($"/cash-ins?customerId={other.Text("customerId")}")).Should().Equal(other.Text("id"));
        Ids(await sandbox.GetAsync("/cash-ins?status=pending")).Should().Equal(other.Text("id"));
        Ids(await sandbox.GetAsync("/transactions?status=failed")).Should().BeEmpty();
        Ids(await sandbox.GetAsync("/transactions?type=fiatToCrypto&status=completed")).Should().HaveCount(1);
    }

    private static async Task<List<string>> CashInsAsync(SandboxHost sandbox, int count)
    {
        var made = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var cashIn = await sandbox.CashInAsync();
            made.Add((await sandbox.PayAsync(cashIn.Text("depositInstructions.code"))).Text("transactionId"));
            await sandbox.SettleAsync();
        }
        return made;
    }

    private static IEnumerable<string> Ids(JsonElement page) => page.At("data").EnumerateArray().Select(item => item.Text("id"));
}
