using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

/// <summary>Rows of a newer version, and damaged ones, among those of this version (docs/decisions/0011-many-instances.md).</summary>
public sealed class InboxSkewTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly AppTables _tables = new InMemoryTables().Open();
    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly JourneyRecorder _journeys = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
    private readonly Inbox _inbox;
    private readonly SettlementLedger _ledger;
    private OmsHarness _oms = null!;

    public InboxSkewTests()
    {
        _inbox = new Inbox(_tables, _clock, NullLogger<Inbox>.Instance);
        _ledger = new SettlementLedger(_tables, _clock, NullLogger<SettlementLedger>.Instance);
    }

    public async ValueTask InitializeAsync() => _oms = await OmsHarness.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _oms.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Theory]
    [InlineData("State", "Quarantined")]
    [InlineData("DeliveryId", 7)]
    [InlineData("ReceivedAt", "yesterday")]
    public async Task A_row_that_is_not_understood_keeps_no_other_row_from_anybody(string column, object value)
    {
        await StoreAsync("whd_odd", "whd_good");
        await MergeAsync("whd_odd", column, value);
        await _inbox.ListenAsync("ci_1", "journey", Token);
        await MergeAsync("whd_good", "State", "Waiting");
        _clock.Advance(TimeSpan.FromMinutes(1));

        await Sweep.RunAsync(_journeys.Client, Token);

        _journeys.Of("journey").Select(signal => signal.DeliveryId).Should().Contain("whd_good");
        await new DeadLetters(_inbox, NullLogger<DeadLetters>.Instance).ListAsync(10, null, Token);
    }

    [Fact]
    public async Task A_state_and_a_column_of_a_newer_version_survive()
    {
        await StoreAsync("whd_odd");
        await MergeAsync("whd_odd", "State", "Quarantined");
        await MergeAsync("whd_odd", "Newer", "kept");

        (await _inbox.ListenAsync("ci_1", "journey", Token)).Should().ContainSingle("a hint does no harm");
        _clock.Advance(TimeSpan.FromHours(2));
        await Sweep.RunAsync(_journeys.Client, Token);

        var row = (await _tables.Inbox.GetEntityAsync<TableEntity>("ci_1", "event:whd_odd")).Value;
        row.GetString("State").Should().Be("Quarantined");
        row.GetString("Newer").Should().Be("kept");
    }

    [Fact]
    public async Task A_listeners_row_that_cannot_be_read_stops_no_cleaning()
    {
        await _inbox.ListenAsync("ci_0", "gone", Token);
        await _tables.Inbox.UpdateEntityAsync(
            new TableEntity("ci_0", "listeners") { ["Listeners"] = "torn" }, ETag.All, TableUpdateMode.Merge, Token);
        await _inbox.ListenAsync("ci_1", "gone", Token);
        foreach (var resource in (string[])["ci_0", "ci_1"])
            await _inbox.Lists.KeepAsync(resource, _clock.GetUtcNow(), Token);
        _clock.Advance(TimeSpan.FromDays(31));

        var options = new FixedOptions<WebhookOptions>(new());
        await new InboxCleaning(_tables, _inbox, options, _clock, NullLogger<InboxCleaning>.Instance).RunAsync(_journeys.Client, Token);

        (await _inbox.ListenersAsync("ci_1", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_settlement_of_a_newer_version_is_read_decided_on_and_keeps_its_columns()
    {
        var money = new Settlement("txn_1", "ci_1", "cst_1", 120m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, null);
        await _ledger.KeepUnclaimedAsync(money, UnclaimedReason.NotBooked, Token);
        await _tables.Settlements.UpdateEntityAsync(
            new TableEntity("txn_1", "settlement") { ["Newer"] = "kept", ["Reason"] = "Haunted" }, ETag.All, TableUpdateMode.Merge, Token);

        (await _ledger.FindAsync("txn_1", Token))!.Reason.Should().Be(UnclaimedReason.Unknown);
        await _ledger.AttachAsync("txn_1", "journey", ByHand.With("T-1"), Token);

        var row = (await _tables.Settlements.GetEntityAsync<TableEntity>("txn_1", "settlement")).Value;
        row.GetString("Newer").Should().Be("kept");
        row.GetString("State").Should().Be("Attached");
    }

    [Fact]
    public async Task A_settlement_in_a_state_of_a_newer_version_is_credited_to_nobody_else()
    {
        var money = new Settlement("txn_1", "ci_1", "cst_1", 120m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, "journey");
        await _ledger.BookAsync(money, Token);
        await _tables.Settlements.UpdateEntityAsync(
            new TableEntity("txn_1", "settlement") { ["State"] = "Reversed" }, ETag.All, TableUpdateMode.Merge, Token);

        var booking = () => _ledger.BookAsync(money, Token);

        (await booking.Should().ThrowAsync<SettlementConflictException>()).Which.Existing.State.Should().Be(SettlementState.Unknown);
    }

    private InboxSweep Sweep => new(
        _inbox, Watching.For(_oms.Client, _ledger), _ledger, new FixedOptions<WebhookOptions>(new()),
        new FixedOptions<LedgerOptions>(new()), _clock, _services.GetRequiredService<AppMetrics>(), NullLogger<InboxSweep>.Instance);

    private async Task StoreAsync(params string[] deliveries)
    {
        foreach (var delivery in deliveries)
        {
            var received = Events.CashInCompleted(delivery) with { Settles = false };
            await _inbox.StoreAsync(received, Token);
            await _inbox.Lists.WaitAsync(received, Token);
        }
    }

    private Task<Response> MergeAsync(string delivery, string column, object value) => _tables.Inbox.UpdateEntityAsync(
        new TableEntity("ci_1", "event:" + delivery) { [column] = value }, ETag.All, TableUpdateMode.Merge, Token);
}
