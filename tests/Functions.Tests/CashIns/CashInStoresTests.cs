using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.CashIns;

/// <summary>The store that was chosen gets the cash-in, also when its reference has aged since.</summary>
public sealed class CashInStoresTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly Place There = new("greendot", 40.7412m, -73.9897m);

    private readonly AppTables _tables = new InMemoryTables().Open();
    private readonly List<string> _good = ["fresh"];
    private OmsHarness _oms = null!;
    private Intakes _intakes = null!;

    private CashInActivities Activities => new(
        _oms.Client, _intakes, new CashInStores(_oms.Client, _intakes, _oms.Time),
        new Inbox(_tables, _oms.Time, NullLogger<Inbox>.Instance),
        new SettlementLedger(_tables, _oms.Time, NullLogger<SettlementLedger>.Instance), _oms.Time);

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _oms.Stub.Answer = AnswerAsync;
        _intakes = new Intakes(_tables, new EphemeralDataProtectionProvider());
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task A_reference_that_has_aged_is_looked_up_again_and_the_request_has_a_key_of_its_own()
    {
        await AddAsync(new() { LocationId = "loc_2", LocationReference = "aged", LocationPlace = There });

        var made = await CreateAsync();
        var again = await CreateAsync();

        made.Value!.CashInId.Should().Be("ci_1");
        again.Value!.CashInId.Should().Be("ci_1");
        Posts().Should().Equal(("aged", "j:ci"), ("fresh", "j:ci-store-1"), ("fresh", "j:ci-store-1"));
    }

    [Fact]
    public async Task Without_knowing_where_the_store_stands_the_refusal_is_the_answer()
    {
        await AddAsync(new() { LocationId = "loc_2", LocationReference = "aged" });

        (await CreateAsync()).Refusal!.Fields.Should().Equal("cash.locationReference");
    }

    [Fact]
    public async Task A_store_that_is_not_listed_any_more_is_a_refusal()
    {
        await AddAsync(new() { LocationId = "loc_9", LocationReference = "aged", LocationPlace = There });

        (await CreateAsync()).IsRefused.Should().BeTrue();
        Posts().Should().ContainSingle();
    }

    [Fact]
    public async Task A_fresh_reference_that_is_refused_too_ends_it()
    {
        _good.Clear();
        await AddAsync(new() { LocationId = "loc_2", LocationReference = "aged", LocationPlace = There });

        (await CreateAsync()).IsRefused.Should().BeTrue();
        Posts().Should().HaveCount(2);
    }

    [Theory]
    [InlineData(100, "loc_1")]
    [InlineData(700, "loc_2")]
    public async Task Of_the_stores_nearby_the_nearest_that_takes_the_amount_is_picked(int amount, string expected)
    {
        _good.Add("near");
        await AddAsync(new() { StoreNear = new(There) });

        (await CreateAsync(amount)).HasValue.Should().BeTrue();

        var intake = await _intakes.GetAsync("j", Token);
        intake.LocationId.Should().Be(expected);
        intake.StoreNear.Should().BeNull("where the person is does not stay");
    }

    [Fact]
    public async Task No_store_nearby_that_takes_the_amount_is_a_refusal_that_says_so()
    {
        await AddAsync(new() { StoreNear = new(There) });

        (await CreateAsync(2_000)).Refusal.Should().BeEquivalentTo(new { Code = "limit_exceeded", Fields = new[] { "indicatedAmount" } });
    }

    private Task<OmsAnswer<CashInSnapshot>> CreateAsync(decimal amount = 100m)
        => Activities.CreateCashIn(new CreateCashInRequest("j", "cst_1", "wlt_1", amount), Token);

    private Task<bool> AddAsync(Chosen chosen) => _intakes.AddAsync(new Intake
    {
        InstanceId = "j",
        Orchestration = CashInWorkflow.Name,
        Input = "{}",
        LocationId = chosen.LocationId,
        LocationReference = chosen.LocationReference,
        LocationPlace = chosen.LocationPlace,
        StoreNear = chosen.StoreNear,
    }, Token);

    private IEnumerable<(string Reference, string Key)> Posts() => _oms.Stub.Calls.Where(call => call.Method == "POST").Select(
        call => (JsonNode.Parse(call.Body)!["cash"]!["locationReference"]!.GetValue<string>(), call.IdempotencyKey!));

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method == "GET")
        {
            return OmsStub.Json(HttpStatusCode.OK, $$"""
                {
                  "data": [ {{Store("loc_1", "near", "0.10", "500.00")}}, {{Store("loc_2", "fresh", "0.20", "1000.00")}} ],
                  "hasMore": false
                }
                """)(context);
        }

        var reference = Posts().Last().Reference;
        return _good.Contains(reference)
            ? OmsStub.Json(HttpStatusCode.Created, Fixture.Text("resources/cash-in.pending.json")
                .Replace("ci_01kt7jrjg0f1bahgjdyw12t9sj", "ci_1", StringComparison.Ordinal)
                .Replace("cst_01kt7jrjg0fe8r4h0sywah9cxv", "cst_1", StringComparison.Ordinal))(context)
            : OmsStub.Json(
                HttpStatusCode.BadRequest,
                """
                { "code": "validation_error", "message": "", "details": [ { "field": "cash.locationReference", "issue": "old" } ] }
                """)(context);
    }

    private static string Store(string id, string reference, string distance, string most)
        => $$"""
            { "id": "{{id}}", "locationReference": "{{reference}}", "provider": "greendot", "distance": "{{distance}}",
              "coordinates": { "latitude": 40.7412, "longitude": -73.9897 }, "limits": { "minimum": "20.00", "maximum": "{{most}}" } }
            """;

    private sealed record Chosen
    {
        public string? LocationId { get; init; }

        public string? LocationReference { get; init; }

        public Place? LocationPlace { get; init; }

        public Sensitive<Place>? StoreNear { get; init; }
    }
}
