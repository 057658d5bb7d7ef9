using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Http;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class InboxSweepTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly JourneyRecorder _journeys = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
    private OmsHarness _oms = null!;
    private AppTables _tables = null!;
    private Inbox _inbox = null!;
    private SettlementLedger _ledger = null!;

    private InboxSweep Sweep => new(
        _inbox, Watching.For(_oms.Client, _ledger), _ledger, new FixedOptions<WebhookOptions>(new()),
        new FixedOptions<LedgerOptions>(new()), _clock, _services.GetRequiredService<AppMetrics>(), NullLogger<InboxSweep>.Instance);

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _tables = await azurite.TablesAsync();
        _inbox = new Inbox(_tables, _clock, NullLogger<Inbox>.Instance);
        _ledger = new SettlementLedger(_tables, _clock, NullLogger<SettlementLedger>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _oms.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Event_that_waits_while_a_journey_listens_is_delivered()
    {
        // The receiver stored it, the engine was down, and OMS gave up repeating.
        await _inbox.ListenAsync("ci_1", "journey", Token);
        await StoreAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Sweep.RunAsync(_journeys.Client, Token);

        _journeys.Of("journey").Should().ContainSingle();
        (await StateAsync()).Should().Be(InboxState.Delivered);
        await Sweep.RunAsync(_journeys.Client, Token);
        _journeys.Raised.Should().ContainSingle();
    }

    [Fact]
    public async Task Event_nobody_comes_for_becomes_a_dead_letter_after_its_time()
    {
        await StoreAsync();
        _clock.Advance(TimeSpan.FromMinutes(59));
        await Sweep.RunAsync(_journeys.Client, Token);

        (await StateAsync()).Should().Be(InboxState.Waiting);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Sweep.RunAsync(_journeys.Client, Token);
        (await StateAsync()).Should().Be(InboxState.Dead);
    }

    [Fact]
    public async Task Dead_letter_is_still_handed_to_a_journey_that_comes_late()
    {
        await StoreAsync();
        _clock.Advance(TimeSpan.FromHours(2));
        await Sweep.RunAsync(_journeys.Client, Token);

        (await _inbox.ListenAsync("ci_1", "journey", Token)).Should().ContainSingle();
        (await StateAsync()).Should().Be(InboxState.Delivered);
    }

    [Fact]
    public async Task One_event_fails_the_others_are_delivered()
    {
        await _inbox.ListenAsync("ci_1", "journey", Token);
        _journeys.With("journey").FailureFor = signal => signal.DeliveryId == "whd_bad" ? new IOException("engine chokes") : null;
        await StoreAsync(Events.CashInCompleted("whd_bad") with { Settles = false });
        await StoreAsync(Events.CashInCompleted("whd_good") with { Settles = false });
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Sweep.RunAsync(_journeys.Client, Token);

        _journeys.Of("journey").Select(signal => signal.DeliveryId).Should().Equal("whd_good");
        (await _inbox.FindAsync("ci_1", "whd_bad", Token))!.State.Should().Be(InboxState.Waiting);
    }

    [Fact]
    public async Task Settlement_the_journey_booked_is_closed_without_asking_OMS()
    {
        await StoreAsync();
        await _ledger.BookAsync(
            new("txn_1", "ci_1", "cst_1", 120m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, "journey"), Token);
        _clock.Advance(TimeSpan.FromMinutes(31));
        await Sweep.RunAsync(_journeys.Client, Token);

        (await _inbox.FindAsync("ci_1", "whd_1", Token))!.Settles.Should().BeFalse();
        _oms.Stub.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Settlement_nobody_booked_is_kept_as_unclaimed()
    {
        // Late cash: the journey is over, the event was raised at it in its last moment, so it even counts as delivered.
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, Transaction());
        await _inbox.ListenAsync("ci_1", "journey", Token);
        await _inbox.StoreAsync(Events.CashInCompleted("whd_1"), Token);
        await _inbox.DeliverAsync((await _inbox.FindAsync("ci_1", "whd_1", Token))!, _journeys.Client, Token);
        await _inbox.StopListeningAsync("journey", ["ci_1"], Token);
        _clock.Advance(TimeSpan.FromMinutes(29));
        await Sweep.RunAsync(_journeys.Client, Token);
        (await _ledger.Lists.ListAsync(SettlementState.Unclaimed, Token).CountAsync()).Should().Be(0);

        _clock.Advance(TimeSpan.FromMinutes(1));
        await Sweep.RunAsync(_journeys.Client, Token);

        var unclaimed = (await _ledger.Lists.ListAsync(SettlementState.Unclaimed, Token).ToListAsync()).Should().ContainSingle().Subject;
        unclaimed.Reason.Should().Be(UnclaimedReason.NotBooked);
        unclaimed.Settlement.Should().BeEquivalentTo(
            new { Gross = 120.00m, Fees = 2.30m, Net = 117.70m, Asset = "usdc", InstanceId = (string?)null });
        (await _inbox.FindAsync("ci_1", "whd_1", Token))!.Settles.Should().BeFalse();
    }

    [Fact]
    public async Task Run_when_OMS_is_down_asks_again_next_time()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.NotImplemented, "{}");
        await StoreAsync();
        _clock.Advance(TimeSpan.FromMinutes(31));
        await Sweep.RunAsync(_journeys.Client, Token);
        (await _inbox.FindAsync("ci_1", "whd_1", Token))!.Settles.Should().BeTrue();

        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, Transaction());
        await Sweep.RunAsync(_journeys.Client, Token);
        (await _ledger.Lists.ListAsync(SettlementState.Unclaimed, Token).CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task Dead_letter_goes_to_the_given_journey_or_to_who_listens()
    {
        var letters = new DeadLetters(_inbox, NullLogger<DeadLetters>.Instance);
        for (var i = 0; i < 5; i++)
        {
            var dead = Events.CashInCompleted($"whd_{i}", $"ci_{i}") with { State = InboxState.Dead };
            await _inbox.StoreAsync(dead, Token);
            await _inbox.Lists.BuryAsync(dead, Token);
        }

        var page = await letters.ListAsync(3, null, Token);
        PageToken.TryDecode(DeadLetters.ListName, page.Next!, out var after).Should().BeTrue();
        var rest = await letters.ListAsync(3, after, Token);
        page.Data.Concat(rest.Data).Select(letter => letter.DeliveryId).Should()
            .BeEquivalentTo("whd_0", "whd_1", "whd_2", "whd_3", "whd_4");
        rest.Next.Should().BeNull();

        (await letters.RedriveAsync("ci_0", "whd_9", null, _journeys.Client, Token)).Should().BeNull();
        (await letters.RedriveAsync("ci_0", "whd_0", null, _journeys.Client, Token)).Should().Be(0);
        (await letters.RedriveAsync("ci_0", "whd_0", "journey", _journeys.Client, Token)).Should().Be(1);
        _journeys.Of("journey").Should().ContainSingle().Which.DeliveryId.Should().Be("whd_0");
        (await letters.ListAsync(10, null, Token)).Data.Should().HaveCount(4);
    }

    private Task StoreAsync() => StoreAsync(Events.CashInCompleted("whd_1"));

    private async Task StoreAsync(InboxEvent received)
    {
        await _inbox.StoreAsync(received, Token);
        await _inbox.Lists.WaitAsync(received, Token);
    }

    private async Task<InboxState> StateAsync() => (await _inbox.FindAsync("ci_1", "whd_1", Token))!.State;

    private static string Transaction()
    {
        var transaction = Fixture.Node("resources/transaction.fiatToCrypto.completed.json");
        transaction["id"] = "txn_1";
        return transaction.ToJsonString();
    }
}
