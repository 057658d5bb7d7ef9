using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Operations;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Operations;

public sealed class OperationsFunctionsTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly Settlement Money = new(
        "txn_1", "ci_1", "cst_1", 120.00m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, null);

    private readonly JourneyRecorder journeys = new();
    private OmsHarness oms = null!;
    private AppTables tables = null!;
    private SettlementLedger ledger = null!;

    public async ValueTask InitializeAsync()
    {
        oms = await OmsHarness.StartAsync();
        tables = await azurite.TablesAsync();
        ledger = new SettlementLedger(tables, TimeProvider.System, NullLogger<SettlementLedger>.Instance);
    }

    public ValueTask DisposeAsync() => oms.DisposeAsync();

    [Fact]
    public async Task Settlements_Unclaimed_AreListedWithAmountsAsText()
    {
        await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        await ledger.BookAsync(Money with { TransactionId = "txn_2", InstanceId = "journey" }, Token);
        var (status, body) = await AskAsync("", request => new SettlementFunctions(ledger).ListAsync(request));
        status.Should().Be(200);
        var listed = body["data"]!.AsArray().Should().ContainSingle().Subject!;
        ((string)listed["transactionId"]!).Should().Be("txn_1");
        ((string)listed["net"]!).Should().Be("117.70");
        ((string)listed["state"]!).Should().Be("Unclaimed");
        ((string)listed["reason"]!).Should().Be("NotBooked");
        ((bool)body["hasMore"]!).Should().BeFalse();
    }

    [Theory]
    [InlineData("?state=lost", "state")]
    [InlineData("?state=0", "state")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=501", "limit")]
    public async Task Settlements_WrongQuery_NamesTheField(string query, string field)
    {
        var (status, body) = await AskAsync(query, request => new SettlementFunctions(ledger).ListAsync(request));
        status.Should().Be(400);
        ((string)body["type"]!).Should().Be("urn:oms-workflows:problem:validation");
        body["errors"]!.AsObject().Select(error => error.Key).Should().Equal(field);
    }

    [Fact]
    public async Task Attach_UnclaimedToAJourney_CreditsIt_AndASecondTimeElsewhereIsRefused()
    {
        journeys.With("journey").With("other");
        await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        var (status, body) = await AttachAsync("?instanceId=journey&reference=OPS-7", "txn_1");
        status.Should().Be(200);
        ((string)body["instanceId"]!).Should().Be("journey");
        (await AttachAsync("?instanceId=other&reference=OPS-8", "txn_1")).Status.Should().Be(409);
        (await ledger.FindAsync("txn_1", Token))!.Settlement.InstanceId.Should().Be("journey");
    }

    [Theory]
    [InlineData("?instanceId=journey&reference=OPS-7", "txn_unknown", 404)]
    [InlineData("?instanceId=nobody&reference=OPS-7", "txn_1", 404)]
    [InlineData("?reference=OPS-7", "txn_1", 400)]
    [InlineData("?instanceId=journey", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=Ana%20Reyes%2C%20called", "txn_1", 400)]
    public async Task Attach_WrongRequest_ChangesNothing(string query, string transactionId, int expected)
    {
        journeys.With("journey");
        await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        var (status, body) = await AttachAsync(query, transactionId);
        status.Should().Be(expected);
        ((string)body["detail"]!).Should().NotBeEmpty();
        (await ledger.FindAsync("txn_1", Token))!.State.Should().Be(SettlementState.Unclaimed);
    }

    [Fact]
    public async Task Handled_Unclaimed_IsClosedWithItsReference()
    {
        await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        var (status, body) = await AskAsync("?reference=OPS-7", request => new SettlementFunctions(ledger).MarkHandledAsync(request, "txn_1"));
        status.Should().Be(200);
        ((string)body["state"]!).Should().Be("Handled");
        ((string)body["reference"]!).Should().Be("OPS-7");
    }

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?from=2026-06-11T00:00:00Z&to=2026-06-10T00:00:00Z", "from")]
    [InlineData("?from=2026-01-01&to=2026-06-10", "from")]
    public async Task Reconciliation_WrongSpan_NamesTheField(string query, string field)
    {
        var (status, body) = await AskAsync(query, request => Reconciliation().ReportAsync(request));
        status.Should().Be(400);
        body["errors"]!.AsObject().Select(error => error.Key).Should().Equal(field);
    }

    [Fact]
    public async Task Reconciliation_OmsDown_Is502()
    {
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.NotImplemented, "{}");
        (await AskAsync("", request => Reconciliation().ReportAsync(request))).Status.Should().Be(502);
    }

    [Fact]
    public async Task Health_EverythingAnswers_IsReady_AndOmsIsNotAskedEachTime()
    {
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        var functions = new HealthFunctions(Probe(tables));
        for (var i = 0; i < 3; i++)
        {
            var (status, body) = await AskAsync("", request => functions.HealthAsync(request, journeys.Client));
            status.Should().Be(200);
            ((bool)body["ready"]!).Should().BeTrue();
        }
        oms.Stub.Calls.Should().ContainSingle();
    }

    [Theory]
    [InlineData("tables")]
    [InlineData("engine")]
    [InlineData("oms")]
    public async Task Health_OneThingDown_Is503AndSaysWhich(string down)
    {
        oms.Stub.Answer = OmsStub.Json(down == "oms" ? HttpStatusCode.NotImplemented : HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        if (down == "engine") journeys.ReadFailure = new IOException("engine down");
        var probe = Probe(down == "tables" ? azurite.Tables("Never") : tables);
        var (status, body) = await AskAsync("", request => new HealthFunctions(probe).ReadyAsync(request, journeys.Client));
        status.Should().Be(503);
        body["checks"]!.AsArray().Where(check => !(bool)check!["ok"]!).Select(check => (string)check!["name"]!).Should().Equal(down);
    }

    [Fact]
    public async Task Live_NeedsNothing()
    {
        var (status, _) = await AskAsync("", request => Task.FromResult(HealthFunctions.Live(request)));
        status.Should().Be(200);
    }

    private Task<(int Status, JsonNode Body)> AttachAsync(string query, string transactionId) =>
        AskAsync(query, request => new SettlementFunctions(ledger).AttachAsync(request, transactionId, journeys.Client));

    private ReconciliationFunctions Reconciliation() => new(
        new Reconciliation(oms.Client, ledger, new SettlementWatch(oms.Client, ledger), NullLogger<Reconciliation>.Instance),
        new FixedOptions<WebhookOptions>(new()), TimeProvider.System, NullLogger<ReconciliationFunctions>.Instance);

    private HealthProbe Probe(AppTables probed) => new(probed, oms.Client, new FakeTimeProvider(Events.Start), NullLogger<HealthProbe>.Instance);

    private static async Task<(int Status, JsonNode Body)> AskAsync(string query, Func<HttpRequest, Task<IResult>> serve)
    {
        using var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = new MemoryStream() } };
        context.Request.QueryString = new QueryString(query);
        await (await serve(context.Request)).ExecuteAsync(context);
        return (context.Response.StatusCode, JsonNode.Parse(Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()))!);
    }
}
