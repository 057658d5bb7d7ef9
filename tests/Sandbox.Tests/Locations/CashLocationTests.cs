using System.Globalization;
using System.Net;
using System.Text.Json;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Locations;

/// <summary>Stores near a point (docs/oms-api.md 6).</summary>
public sealed class CashLocationTests
{
    private const string NearNewYork = "/cash-locations?provider=greendot&latitude=40.7440&longitude=-73.9910";

    [Fact]
    public async Task Nearest_come_first_with_distance_and_limits()
    {
        await using var sandbox = await SandboxHost.StartAsync();

        var stores = (await sandbox.GetAsync(NearNewYork)).At("data").EnumerateArray().ToList();

        stores.Select(
            store => double.Parse(store.Text("distance"), CultureInfo.InvariantCulture)).Should().BeInAscendingOrder().And.HaveCount(4);
        stores.Should().OnlyContain(store => store.Text("limits.minimum") == "20.00");
        stores.Select(store => store.Text("limits.maximum")).Should().BeEquivalentTo("500.00", "500.00", "500.00", "1000.00");
        (await sandbox.GetAsync(NearNewYork + "&limit=1")).At("data").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task A_reference_ages_out_when_it_is_told_to()
    {
        await using var sandbox = await SandboxHost.StartAsync(("LocationReferenceLifetime", "00:10:00"));
        var (customer, wallet) = await sandbox.ReadyAsync();
        var chosen = (await sandbox.GetAsync(NearNewYork)).At("data")[0];
        var request = SandboxHost.CashInRequest(customer, wallet);
        request["cash"] = Place(chosen);

        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(9));
        (await sandbox.PostAsync("/cash-ins", request)).Text("cash.locationReference").Should().Be(chosen.Text("locationReference"));
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(1));
        using var refused = await sandbox.TryPostAsync("/cash-ins", request);
        request["cash"] = Place((await sandbox.GetAsync(NearNewYork)).At("data")[0]);
        using var lookedUpAgain = await sandbox.TryPostAsync("/cash-ins", request);

        refused.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await refused.JsonAsync()).At("details")[0].Text("field").Should().Be("cash.locationReference");
        lookedUpAgain.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("loc_01kt7jrjg0fbmbvx0258qwrngd", "R1JFRU5ET1QtNDIxMTpsYXQ9NDAuNzQxMjAwLGxuZz0tNzMuOTg5NzAw")]
    [InlineData("loc_01kt7jrjg0e06rpqhmwpy88dhr", "not base 64")]
    [InlineData("loc_00000000000000000000000000", "R1JFRU5ET1QtNDIxMTpsYXQ9NDAuNzQxMjAwLGxuZz0tNzMuOTg5NzAw")]
    public async Task A_reference_belongs_to_one_location(string locationId, string locationReference)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (customer, wallet) = await sandbox.ReadyAsync();
        var request = SandboxHost.CashInRequest(customer, wallet);
        request["cash"] = JsonSerializer.SerializeToNode(new { locationId, locationReference });

        using var refused = await sandbox.TryPostAsync("/cash-ins", request);

        (await refused.JsonAsync()).At("details")[0].Text("field").Should().Be("cash.locationReference");
    }

    private static System.Text.Json.Nodes.JsonNode? Place(JsonElement store)
        => JsonSerializer.SerializeToNode(new { locationId = store.Text("id"), locationReference = store.Text("locationReference") });
}
