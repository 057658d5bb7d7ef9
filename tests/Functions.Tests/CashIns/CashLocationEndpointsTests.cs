using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Functions.Tests.CashIns;

/// <summary>A store that was listed is chosen by handing it back as it is.</summary>
public sealed class CashLocationEndpointsTests : IAsyncLifetime
{
    private const string Near = "?provider=greendot&latitude=40.7440&longitude=-73.9910";

    private OmsHarness _oms = null!;

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        var page = Fixture.Node("resources/cash-locations.list.json");
        var stores = page["data"]!.AsArray();
        stores[0]!["distance"] = "7.00";
        stores[1]!["limits"] = new JsonObject { ["minimum"] = "20.00", ["maximum"] = "500.00" };
        stores[1]!["openingHours"] = new JsonObject { ["weekdays"] = "08:00-22:00" };
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, page.ToJsonString());
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task Stores_come_nearest_first_with_distance_limits_and_what_OMS_says_of_opening()
    {
        var stores = await StoresAsync();

        stores.Select(store => store!["distance"]!.GetValue<string>()).Should().Equal("5.90", "7.00");
        stores[0]!["limits"]!.ToJsonString().Should().Be("""{"minimum":"20.00","maximum":"500.00"}""");
        stores[0]!["opening"]!["weekdays"]!.GetValue<string>().Should().Be("08:00-22:00");
        stores[1]!.AsObject().Should().NotContainKey("opening");
        _oms.Stub.Calls.Single().Query.Should().Contain("flow=cashIn").And.Contain("limit=20");
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(9, false)]
    [InlineData(200, false)]
    public async Task Opening_hours_deeper_than_anybody_shows_are_left_out(int depth, bool shown)
    {
        var page = Fixture.Node("resources/cash-locations.list.json");
        var body = page.ToJsonString().Replace(
            "\"distance\"", $"\"openingHours\":{new string('[', depth)}{new string(']', depth)},\"distance\"", StringComparison.Ordinal);
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, body);

        (await StoresAsync())[0]!.AsObject().ContainsKey("opening").Should().Be(shown);
    }

    [Theory]
    [InlineData("100.00", true)]
    [InlineData("500.01", false)]
    [InlineData("19.99", false)]
    public async Task A_listed_store_can_be_chosen_as_it_is_and_its_limits_are_those_of_the_amount(string amount, bool valid)
    {
        var body = new JsonObject
        {
            ["customerId"] = "cst_1",
            ["location"] = (await StoresAsync())[0]!.DeepClone(),
            ["indicatedAmount"] = amount,
        };

        var request = body.Deserialize<StartCashInRequest>(ApiJson.Options)!;
        var result = await new StartCashInValidator(new FakeTimeProvider(Events.Start)).ValidateAsync(request);

        result.IsValid.Should().Be(valid, string.Join(' ', result.Errors));
        request.Location!.ToPlace().Should().Be(new Place("greendot", 40.7412m, -73.9897m));
    }

    [Theory]
    [InlineData("?latitude=1&longitude=2", "provider")]
    [InlineData("?provider=green dot&latitude=1&longitude=2", "provider")]
    [InlineData("?provider=greendot&longitude=2", "latitude")]
    [InlineData("?provider=greendot&latitude=90.1&longitude=2", "latitude")]
    [InlineData("?provider=greendot&latitude=1&longitude=1e2", "longitude")]
    [InlineData("?provider=greendot&latitude=1&longitude=2&limit=101", "limit")]
    [InlineData("?provider=greendot&latitude=1&longitude=2&radius=3", "radius")]
    public async Task A_wrong_search_names_the_field(string query, string field)
    {
        var answer = await Asked.AskAsync(query, request => new CashLocationEndpoints(_oms.Client).ListCashLocations(request, default));

        answer.Status.Should().Be(400);
        answer.Errors.Should().Equal(field);
    }

    [Fact]
    public async Task Without_an_answer_of_OMS_it_is_502_and_a_refusal_is_422()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.NotImplemented, "{}");
        (await Asked.AskAsync(Near, request => new CashLocationEndpoints(_oms.Client).ListCashLocations(request, default)))
            .Status.Should().Be(502);
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.BadRequest, Fixture.Text("errors/400.validation_error.json"));
        (await Asked.AskAsync(Near, request => new CashLocationEndpoints(_oms.Client).ListCashLocations(request, default)))
            .Status.Should().Be(422);
    }

    private async Task<JsonArray> StoresAsync()
    {
        var answer = await Asked.AskAsync(Near, request => new CashLocationEndpoints(_oms.Client).ListCashLocations(request, default));
        answer.Status.Should().Be(200);
        return answer.Body["data"]!.AsArray();
    }
}
