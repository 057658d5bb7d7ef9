using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Scale;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Storage;

/// <summary>What a version stored that knew no lists is listed, once (docs/decisions/0015-reads-that-do-not-scan.md).</summary>
public sealed class IndexFillTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly JourneyKind Kind = new("Counted", "cnt", "/api/counted");

    private readonly TableTraffic _traffic = new();
    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly StatusEngine _engine = new(new() { Phase = JourneyPhase.Completed, Ended = true });
    private readonly AppTables _tables;
    private readonly Intakes _intakes;
    private readonly Inbox _inbox;
    private readonly SettlementLedger _ledger;
    private readonly List<(TableClient Table, TableEntity Row)> _old = [];
    private OmsHarness _oms = null!;

    public IndexFillTests()
    {
        _tables = new InMemoryTables().Open(_traffic);
        _intakes = new Intakes(_tables, new EphemeralDataProtectionProvider());
        _inbox = new Inbox(_tables, _clock, NullLogger<Inbox>.Instance);
        _ledger = new SettlementLedger(_tables, _clock, NullLogger<SettlementLedger>.Instance);
    }

    public async ValueTask InitializeAsync() => _oms = await OmsHarness.StartAsync();

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task Rows_of_an_older_version_are_found_after_one_run()
    {
        await StoreOldRowsAsync();

        await Fill.RunAsync(_engine.Client, Token);

        (await IdsAsync(new())).Should().Equal("runs", "ended");
        (await IdsAsync(new(Phase: JourneyPhase.Completed))).Should().Equal("ended");
        (await IdsAsync(new(CustomerId: "cst_1"))).Should().Equal("ended");
        (await _ledger.Lists.ListAsync(SettlementState.Unclaimed, Token).CountAsync()).Should().Be(1);
        (await _inbox.Lists.ReadWaitingAsync(Events.Start.AddDays(1), null, 10, Token)).Should().ContainSingle();
        (await _inbox.Lists.ReadDeadAsync(null, 10, Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task What_an_older_version_stores_beside_it_is_found_by_a_later_pass_and_then_nothing_is_looked_at()
    {
        var fill = Fill;
        await fill.RunAsync(_engine.Client, Token);
        await StoreOldRowsAsync();
        await fill.RunAsync(_engine.Client, Token);
        (await IdsAsync(new())).Should().BeEmpty("the next pass is in an hour");

        foreach (var wait in (TimeSpan[])[TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromMinutes(1)])
        {
            _clock.Advance(wait);
            await fill.RunAsync(_engine.Client, Token);
        }

        (await IdsAsync(new())).Should().Equal("runs", "ended");
        _traffic.Reset();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await fill.RunAsync(_engine.Client, Token);
        _traffic.Requests.Should().Be(0);
    }

    private IndexFill Fill
    {
        get
        {
            var watch = Watching.For(_oms.Client, _ledger);
            var open = new OpenTransactions(_tables, watch, _clock, NullLogger<OpenTransactions>.Instance);
            IIndexedTable[] indexed =
            [
                new IndexedIntakes(_tables, _intakes, [Kind]),
                new IndexedEvents(_tables, _inbox),
                new IndexedSettlements(_tables, _ledger, open),
            ];
            return new IndexFill(indexed, _tables, _clock, NullLogger<IndexFill>.Instance);
        }
    }

    /// <summary>As the version before wrote them: without the column, and in no list.</summary>
    private async Task StoreOldRowsAsync()
    {
        foreach (var (id, minutes) in ((string, int)[])[("ended", 0), ("runs", 1)])
        {
            var phase = id == "ended" ? JourneyPhase.Completed : JourneyPhase.AwaitingDeposit;
            _engine.Tell(id, new() { Phase = phase, Ended = id == "ended" });
            _old.Add((_tables.Intakes, new TableEntity(id, "intake")
            {
                ["InstanceId"] = id,
                ["Orchestration"] = Kind.Orchestration,
                ["Input"] = "1",
                ["State"] = "Started",
                ["ReceivedAt"] = Events.Start.AddMinutes(minutes),
                ["CustomerId"] = id == "ended" ? "cst_1" : null,
            }));
        }

        var money = new Settlement("txn_1", "ci_1", "cst_1", 120m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, null);
        _old.Add((_tables.Settlements, SettlementRow.Write(
            new(money, SettlementState.Unclaimed, Events.Start, UnclaimedReason.NotBooked, null))));
        foreach (var state in (InboxState[])[InboxState.Waiting, InboxState.Dead, InboxState.Delivered])
            _old.Add((_tables.Inbox, (Events.CashInCompleted($"whd_{state}") with { State = state, Settles = false }).Write()));
        foreach (var (table, row) in _old)
        {
            row.Remove(IndexFill.Indexed);
            await table.AddEntityAsync(row, Token);
        }
    }

    private async Task<IEnumerable<string>> IdsAsync(JourneyFilter wanted)
        => (await new JourneyLists(_intakes).ReadAsync([Kind], wanted, 10, null, _engine.Client, Token)).Page
            .Select(view => view.Intake.InstanceId);
}
