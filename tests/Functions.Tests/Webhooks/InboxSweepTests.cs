using System.Net;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class InboxSweepTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly FakeTimeProvider time = new(Events.Start);
    private readonly JourneyRecorder journeys = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
    private OmsHarness oms = null!;
    private AppTables tables = null!;
    private Inbox inbox = null!;
    private SettlementLedger ledger = null!;

    private InboxSweep Sweep => new(
        tables, inbox, ledger, new SettlementWatch(oms.Client, ledger), new FixedOptions<WebhookOptions>(new()), new FixedOptions<LedgerOptions>(new()), time,
        services.GetRequiredService<AppMetrics>(), NullLogger<InboxSweep>.Instance);

    public async ValueTask InitializeAsync()
    {
        oms = await OmsHarness.StartAsync();
        tables = await azurite.TablesAsync();
        inbox = new Inbox(tables, time, NullLogger<Inbox>.Instance);
        ledger = new SettlementLedger(tables, time, NullLogger<SettlementLedger>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await oms.DisposeAsync();
        await services.DisposeAsync();
    }

    [Fact]
    public async Task RunAsync_EventThatWaitsWhileAJourneyListens_IsDelivered()
    {
        // The receiver stored it and died; OMS gave up repeating.
        await inbox.ListenAsync("ci_1", "journey", Token);
        await StoreAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        await Sweep.RunAsync(journeys.Client, Token);
        journeys.Of("journey").Should().ContainSingle();
        (await StateAsync()).Should().Be(InboxState.Delivered);
        await Sweep.RunAsync(journeys.Client, Token);
        journeys.Raised.Should().ContainSingle();
    }

    [Fact]
    public async Task RunAsync_EventNobodyComesFor_BecomesADeadLetterAfterItsTime()
    {
        await StoreAsync();
        time.Advance(TimeSpan.FromMinutes(59));
        await Sweep.RunAsync(journeys.Client, Token);
        (await StateAsync()).Should().Be(InboxState.Waiting);
        time.Advance(TimeSpan.FromMinutes(1));
        await Sweep.RunAsync(journeys.Client, Token);
        (await StateAsync()).Should().Be(InboxState.Dead);
    }

    [Fact]
    public async Task RunAsync_DeadLetter_IsStillHandedToAJourneyThatComesLate()
    {
        await StoreAsync();
        time.Advance(TimeSpan.FromHours(2));
        await Sweep.RunAsync(journeys.Client, Token);
        (await inbox.ListenAsync("ci_1", "journey", Token)).Should().ContainSingle();
        (await StateAsync()).Should().Be(InboxState.Delivered);
    }

    [Fact]
    public async Task RunAsync_OneEventFails_TheOthersAreDelivered()
    {
        await inbox.ListenAsync("ci_1", "journey", Token);
        journeys.With("journey").FailureFor = signal => signal.DeliveryId == "whd_bad" ? new IOException("engine chokes") : null;
        await inbox.StoreAsync(Events.CashInCompleted("whd_bad") with { Settles = false }, Token);
        await inbox.StoreAsync(Events.CashInCompleted("whd_good") with { Settles = false }, Token);
        time.Advance(TimeSpan.FromMinutes(1));
        await Sweep.RunAsync(journeys.Client, Token);
        journeys.Of("journey").Select(signal => signal.DeliveryId).Should().Equal("whd_good");
        (await inbox.FindAsync("ci_1", "whd_bad", Token))!.State.Should().Be(InboxState.Waiting);
    }

    [Fact]
    public async Task RunAsync_SettlementTheJourneyBooked_IsClosedWithoutAskingOms()
    {
        await StoreAsync();
        await ledger.BookAsync(new("txn_1", "ci_1", "cst_1", 120m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, "journey"), Token);
        time.Advance(TimeSpan.FromMinutes(31));
        await Sweep.RunAsync(journeys.Client, Token);
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.Settles.Should().BeFalse();
        oms.Stub.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task RunAsync_SettlementNobodyBooked_IsKeptAsUnclaimed()
    {
        // Late cash: the journey is over, the event was raised at it in its last moment, so it even counts as delivered.
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, Transaction());
        await inbox.ListenAsync("ci_1", "journey", Token);
        await StoreAsync();
        await inbox.DeliverAsync((await inbox.FindAsync("ci_1", "whd_1", Token))!, journeys.Client, Token);
        time.Advance(TimeSpan.FromMinutes(29));
        await Sweep.RunAsync(journeys.Client, Token);
        (await ledger.ListAsync(SettlementState.Unclaimed, Token).CountAsync()).Should().Be(0);

        time.Advance(TimeSpan.FromMinutes(1));
        await Sweep.RunAsync(journeys.Client, Token);

        var unclaimed = (await ledger.ListAsync(SettlementState.Unclaimed, Token).ToListAsync()).Should().ContainSingle().Subject;
        unclaimed.Reason.Should().Be(UnclaimedReason.NotBooked);
        unclaimed.Settlement.Should().BeEquivalentTo(new { Gross = 120.00m, Fees = 2.30m, Net = 117.70m, Asset = "usdc", InstanceId = (string?)null });
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.Settles.Should().BeFalse();
    }

    [Fact]
    public async Task RunAsync_WhenOmsIsDown_AsksAgainNextTime()
    {
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.NotImplemented, "{}");
        await StoreAsync();
        time.Advance(TimeSpan.FromMinutes(31));
        await Sweep.RunAsync(journeys.Client, Token);
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.Settles.Should().BeTrue();

        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, Transaction());
        await Sweep.RunAsync(journeys.Client, Token);
        (await ledger.ListAsync(SettlementState.Unclaimed, Token).CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task CleanAsync_RemovesWhatIsOldButNothingThatMayStillHaveToBeBooked()
    {
        await inbox.StoreAsync(Events.CashInCompleted("whd_done") with { Settles = false, State = InboxState.Delivered }, Token);
        await inbox.StoreAsync(Events.CashInCompleted("whd_open"), Token);
        time.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        await inbox.StoreAsync(Events.CashInCompleted("whd_new", receivedAt: time.GetUtcNow()) with { Settles = false }, Token);
        await Sweep.CleanAsync(journeys.Client, Token);
        (await inbox.FindAsync("ci_1", "whd_done", Token)).Should().BeNull();
        (await inbox.FindAsync("ci_1", "whd_open", Token)).Should().NotBeNull();
        (await inbox.FindAsync("ci_1", "whd_new", Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task CleanAsync_RemovesListenersOfJourneysThatAreOverOrGone()
    {
        journeys.With("running").With("ended", OrchestrationRuntimeStatus.Completed);
        foreach (var journey in (string[])["running", "ended", "purged"]) await inbox.ListenAsync("ci_1", journey, Token);
        await Sweep.CleanAsync(journeys.Client, Token);
        (await inbox.ListenersAsync("ci_1", Token)).Should().HaveCount(3, "a start may still be under way");
        time.Advance(TimeSpan.FromDays(2));
        await Sweep.CleanAsync(journeys.Client, Token);
        (await inbox.ListenersAsync("ci_1", Token)).Select(listener => listener.InstanceId).Should().Equal("running");
    }

    [Fact]
    public async Task Redrive_DeadLetter_GoesToTheGivenJourneyOrToWhoListens()
    {
        var letters = new DeadLetters(tables, inbox, NullLogger<DeadLetters>.Instance);
        for (var i = 0; i < 5; i++) await inbox.StoreAsync(Events.CashInCompleted($"whd_{i}", $"ci_{i}") with { State = InboxState.Dead }, Token);
        var page = await letters.ListAsync(3, null, Token);
        var rest = await letters.ListAsync(3, page.Next, Token);
        page.Data.Concat(rest.Data).Select(letter => letter.DeliveryId).Should().BeEquivalentTo("whd_0", "whd_1", "whd_2", "whd_3", "whd_4");
        rest.Next.Should().BeNull();

        (await letters.RedriveAsync("ci_0", "whd_9", null, journeys.Client, Token)).Should().BeNull();
        (await letters.RedriveAsync("ci_0", "whd_0", null, journeys.Client, Token)).Should().Be(0);
        (await letters.RedriveAsync("ci_0", "whd_0", "journey", journeys.Client, Token)).Should().Be(1);
        journeys.Of("journey").Should().ContainSingle().Which.DeliveryId.Should().Be("whd_0");
        (await letters.ListAsync(10, null, Token)).Data.Should().HaveCount(4);
    }

    private Task<bool> StoreAsync() => inbox.StoreAsync(Events.CashInCompleted("whd_1"), Token);

    private async Task<InboxState> StateAsync() => (await inbox.FindAsync("ci_1", "whd_1", Token))!.State;

    private static string Transaction()
    {
        var transaction = Fixture.Node("resources/transaction.fiatToCrypto.completed.json");
        transaction["id"] = "txn_1";
        return transaction.ToJsonString();
    }
}
