using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Functions.Tests.Ledger;

public sealed class ReconciliationEndpointsTests(Azurite azurite) : IAsyncLifetime
{
    private OmsHarness _oms = null!;
    private ReconciliationEndpoints _endpoints = null!;

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        var tables = await azurite.TablesAsync();
        var ledger = new SettlementLedger(tables, TimeProvider.System, NullLogger<SettlementLedger>.Instance);
        var watch = Watching.For(_oms.Client, ledger);
        var open = new OpenTransactions(tables, watch, TimeProvider.System, NullLogger<OpenTransactions>.Instance);
        var reconciliation = new Reconciliation(
            _oms.Client,
            ledger,
            watch,
            open,
            new FixedOptions<LedgerOptions>(new()),
            TimeProvider.System,
            NullLogger<Reconciliation>.Instance);
        _endpoints = new(reconciliation, TimeProvider.System);
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?from=2026-06-11T00:00:00Z&to=2026-06-10T00:00:00Z", "from")]
    [InlineData("?from=2026-01-01&to=2026-06-10", "from")]
    public async Task Reconciliation_wrong_span_names_the_field(string query, string field)
    {
        var answer = await Asked.AskAsync(query, request => _endpoints.Reconcile(request));

        answer.Status.Should().Be(400);
        answer.Errors.Should().Equal(field);
    }

    [Fact]
    public async Task Reconciliation_OMS_down_is_502()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.NotImplemented, "{}");
        (await Asked.AskAsync("", request => _endpoints.Reconcile(request))).Status.Should().Be(502);
    }
}
