using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Instances;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Operations;

namespace OmsWorkflows.Functions.Tests.Operations;

/// <summary>
/// What is kept of a person goes on request, by whatever the person is known as: no row names the person, the customer or a journey of
/// theirs afterwards, but for the books (docs/security.md).
/// </summary>
public sealed class PersonRemovalTests
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly World _world = new(new Interleaving(_ => 0));

    [Theory]
    [InlineData("customerId")]
    [InlineData("externalId")]
    [InlineData("journeyId")]
    public async Task Nothing_but_the_books_names_the_person_afterwards(string by)
    {
        var journey = await PayInAsync("order-1", JourneysExplorerTests.Ana);
        var other = await PayInAsync("order-2", JourneysExplorerTests.Ana.Replace("user-1", "user-2", StringComparison.Ordinal));
        var (customer, others) = (_world.Engine.Find(journey)!.Status!.CustomerId!, _world.Engine.Find(other)!.Status!.CustomerId!);
        var cashIn = _world.Engine.Find(journey)!.Status!.CashInId!;
        (await AllRowsAsync()).Should().Contain(customer).And.Contain(cashIn).And.Contain(journey);

        var answer = await AskAsync(by switch
        {
            "customerId" => new { customerId = customer },
            "externalId" => new { externalId = "user-1" },
            _ => new { journeyId = journey },
        });

        answer["journeys"]!.GetValue<int>().Should().Be(1);
        answer["settlementsKept"]!.AsArray().Select(id => (string)id!).Should().Equal($"txn_{cashIn}");
        answer["running"]!.AsArray().Should().BeEmpty();
        var rows = await AllRowsAsync(but: _world.Tables.Settlements);
        rows.Should().NotContain(customer).And.NotContain(cashIn).And.NotContain(journey).And.NotContain("ana@example.test");
        rows.Should().Contain(others).And.Contain(other, "only one person asked");
        _world.Engine.Find(journey).Should().BeNull();
        _world.Engine.Find(other).Should().NotBeNull();
        (await AskAsync(new { customerId = customer }))["journeys"]!.GetValue<int>().Should().Be(0, "it may be repeated");
    }

    [Fact]
    public async Task A_journey_that_runs_is_named_and_stays_and_nothing_it_waits_for_goes()
    {
        await StartAsync("order-1", JourneysExplorerTests.Ana);
        var id = JourneyId.From(CashInEndpoints.Kind.Prefix, "order-1");

        var answer = await AskAsync(new { externalId = "user-1" });

        answer["running"]!.AsArray().Select(running => (string)running!).Should().Equal(id);
        (await _world.NewInstance().Intakes.FindAsync(id, Token))!.Applicant.Should().NotBeNull();
    }

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "customerId": "cst_1", "journeyId": "ci-1" }""")]
    [InlineData("""{ "customerId": "" }""")]
    public async Task A_request_that_names_nobody_or_two_is_refused(string body)
        => (await SendAsync(JsonNode.Parse(body)!)).Should().BeAssignableTo<IStatusCodeHttpResult>().Which.StatusCode.Should().Be(400);

    private async Task<string> PayInAsync(string key, string person)
    {
        var id = JourneyId.From(CashInEndpoints.Kind.Prefix, key);
        await StartAsync(key, person);
        var before = _world.Oms.CashIns.Count;
        _world.Interleaving.Add("till", async () =>
        {
            while (_world.Oms.CashIns.Count == before)
                await Interleaving.PauseAsync();
            var cashIn = (string)_world.Oms.CashIns[^1]["id"]!;
            _world.Oms.PayIn(cashIn);
            _world.Oms.Settle(cashIn);
            await _world.NewInstance().DeliverAsync(
                _world.Engine, $"whd_{key}", "cashIn.completed", $$"""{ "id": "{{cashIn}}", "transactionId": "txn_{{cashIn}}" }""");
        });
        (await _world.RunAsync()).Should().BeEmpty();
        _world.Engine.Find(id)!.Status!.Phase.Should().Be(JourneyPhase.Completed);
        return id;
    }

    private async Task StartAsync(string key, string person)
    {
        var body = new { applicant = JsonNode.Parse(person), location = new { id = "loc_1", reference = "r" } };
        var answer = await _world.NewInstance().CashIn.StartCashIn(AppInstance.Request(body, key), _world.Engine, Token);
        ((IStatusCodeHttpResult)answer).StatusCode.Should().Be(StatusCodes.Status202Accepted);
    }

    private async Task<JsonNode> AskAsync(object body)
        => System.Text.Json.JsonSerializer.SerializeToNode(
            (await SendAsync(body)).Should().BeAssignableTo<IValueHttpResult>().Which.Value, System.Text.Json.JsonSerializerOptions.Web)!;

    private Task<IResult> SendAsync(object body)
    {
        var instance = _world.NewInstance();
        var removal = new JourneyRemoval(
            instance.Intakes,
            [CashInEndpoints.Kind],
            new FixedOptions<JourneyRetentionOptions>(new()),
            _world.Clock,
            NullLogger<JourneyRemoval>.Instance);
        var person = new PersonRemoval(
            _world.Tables, _world.Oms.Client(), instance.Intakes, instance.Ledger, removal, NullLogger<PersonRemoval>.Instance);
        return new PersonEndpoints(person).RemovePerson(AppInstance.Request(body, null), _world.Engine, Token);
    }

    private async Task<string> AllRowsAsync(TableClient? but = null)
    {
        var text = new StringBuilder();
        TableClient[] all =
            [_world.Tables.Intakes, _world.Tables.Inbox, _world.Tables.Settlements, _world.Tables.Index, _world.Tables.Outbox];
        foreach (var table in all.Where(table => table != but))
            await foreach (var row in table.QueryAsync<TableEntity>().Where(row => !IsNoted(row)))
                text.AppendJoin('\n', row.Select(column => $"{column.Key}={column.Value}"));
        return text.ToString();
    }

    /// <summary>
    /// That something was told, and when, ends by itself: such rows name the journey that is gone, and what was told is gone with it. The
    /// list of settlements is of the books.
    /// </summary>
    private static bool IsNoted(TableEntity row)
        => row.PartitionKey.StartsWith("due:", StringComparison.Ordinal) || row.PartitionKey.StartsWith("log:", StringComparison.Ordinal)
            || row.RowKey.StartsWith("settled:", StringComparison.Ordinal);
}
