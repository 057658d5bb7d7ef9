using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Actions;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Outbox;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;
using OmsWorkflows.Payouts;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>The app's reads and passes over tables that hold so many ended journeys, each of them counted.</summary>
internal sealed class ScaleWorld : IAsyncDisposable
{
    /// <summary>Past their retention are the oldest that ended, and one of which the engine knows nothing any more.</summary>
    private const int Old = 6;

    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly JourneyKind[] Kinds = [CashInEndpoints.Kind, PayoutEndpoints.Kind];

    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
    private readonly StatusEngine _engine = new(new() { Phase = JourneyPhase.Completed, Ended = true });
    private readonly Intakes _intakes;
    private readonly Inbox _inbox;
    private readonly SettlementLedger _ledger;
    private readonly DeadLetters _letters;
    private readonly JourneyEndpoints _journeys;
    private readonly SettlementEndpoints _settlements;
    private readonly StartSweeper _starts;
    private readonly InboxSweep _sweep;
    private readonly Reconciliation _reconciliation;
    private readonly InboxCleaning _cleaning;
    private readonly JourneyRemoval _removal;
    private readonly IndexFill _fill;
    private readonly IIndexedTable[] _indexed;
    private readonly TableClient _index;
    private readonly Azurite? _azurite;

    private ScaleWorld(AppTables tables, TableTraffic traffic, int count, Azurite? azurite = null)
    {
        (Traffic, Count, _azurite) = (traffic, count, azurite);
        _intakes = new Intakes(tables, new EphemeralDataProtectionProvider());
        _inbox = new Inbox(tables, _clock, NullLogger<Inbox>.Instance);
        _ledger = new SettlementLedger(tables, _clock, NullLogger<SettlementLedger>.Instance);
        _letters = new DeadLetters(_inbox, NullLogger<DeadLetters>.Instance);
        _journeys = new JourneyEndpoints(
            Kinds, _intakes, new JourneySearch(Kinds, _intakes, _inbox, _ledger), Acts.ReaderOn(tables, _clock),
            Acts.CommandsOn(tables, _intakes, _clock));
        _settlements = new SettlementEndpoints(_ledger, new ActionLog(tables), Acts.DecisionsOn(tables, _clock));
        _starts = new StartSweeper(
            new JourneyStart(_intakes, Outboxes.Off(), _clock, NullLogger<JourneyStart>.Instance),
            _intakes,
            _clock,
            NullLogger<StartSweeper>.Instance);
        var meters = _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        var oms = new OmsClient(
            new HttpClient(new HourOfOms()) { BaseAddress = new("https://oms.example/") },
            new OmsCalls(NullLogger<OmsCalls>.Instance, meters, _clock));
        var watch = Watching.For(oms, _ledger);
        var ledgerOptions = new FixedOptions<LedgerOptions>(new());
        _sweep = new InboxSweep(
            _inbox, watch, _ledger, new FixedOptions<WebhookOptions>(new()), ledgerOptions, _clock,
            _services.GetRequiredService<AppMetrics>(), NullLogger<InboxSweep>.Instance);
        var open = new OpenTransactions(tables, watch, _clock, NullLogger<OpenTransactions>.Instance);
        _reconciliation = new Reconciliation(
            oms, _ledger, watch, open, ledgerOptions, _clock, NullLogger<Reconciliation>.Instance);
        _cleaning = new InboxCleaning(
            tables, _inbox, new FixedOptions<WebhookOptions>(new()), _clock, NullLogger<InboxCleaning>.Instance);
        _removal = new JourneyRemoval(
            _intakes,
            Kinds,
            new FixedOptions<JourneyRetentionOptions>(new() { Retention = Events.Start - EndedJourneys.At(Old - 2) }),
            _clock,
            NullLogger<JourneyRemoval>.Instance);
        _indexed =
        [
            new IndexedIntakes(tables, _intakes, Kinds), new IndexedSettlements(tables, _ledger, open), new IndexedEvents(tables, _inbox),
        ];
        _fill = new IndexFill(_indexed, tables, _clock, NullLogger<IndexFill>.Instance);
        _index = tables.Index;
    }

    public TableTraffic Traffic { get; }

    public int Count { get; }

    public static async Task<ScaleWorld> InMemoryAsync(int count)
    {
        var (memory, traffic) = (new InMemoryTables(), new TableTraffic());
        await EndedJourneys.FillAsync(memory.Open(), count, Token);
        return await PreparedAsync(new ScaleWorld(memory.Open(traffic), traffic, count));
    }

    public static async Task<ScaleWorld> OnAzuriteAsync(int count)
    {
        var prefix = Azurite.NewPrefix();
        var rows = Path.GetTempFileName();
        var named = new AppTables(new TableServiceClient("UseDevelopmentStorage=true"), prefix);
        await EndedJourneys.WriteAsync(named, count, rows, Token);
        var azurite = new Azurite(rows);
        await azurite.InitializeAsync();
        File.Delete(rows);
        await azurite.Tables(prefix).CreateAsync(Token);

        // Azurite closes a connection after seconds in which it was busy with another one.
        var traffic = new TableTraffic { InnerHandler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero } };
        var counted = azurite.Tables(prefix, new HttpClientTransport(new HttpClient(traffic)));
        return await PreparedAsync(new ScaleWorld(counted, traffic, count, azurite));
    }

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        await _services.DisposeAsync();
    }

    public async Task<Dictionary<string, ScaleCost>> MeasureAsync()
    {
        var costs = new Dictionary<string, ScaleCost>();
        await ListAsync("?limit=20", 20);
        await ListAsync("?kind=CashIn&limit=20", 20);
        await ListAsync("?phase=Completed&limit=20", 20);
        await ListAsync("?phase=AwaitingDeposit", 1);
        await ListAsync("?phase=Failed", 0);
        await ListAsync("?overdue=true", 1);
        await ListAsync("?customerId=cst_few", 2);
        var from = EndedJourneys.At(100).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var to = EndedJourneys.At(109).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        await ListAsync($"?from={from}&to={to}", 10);
        var next = (await Ask("?limit=20")).Body["next"]!.GetValue<string>();
        await ListAsync($"?limit=20&after={next}", 20, "the next page");
        await ListAsync($"?find={EndedJourneys.Id(7)}", 1, "find a journey");
        await ListAsync($"?find={EndedJourneys.CashIn(7)}", 1, "find a cash-in");
        await ListAsync($"?find={EndedJourneys.Transaction(7)}", 1, "find a transaction");
        await ListAsync("?find=wlt_7", 1, "find a wallet");
        await ListAsync("?find=175000007", 1, "find a deposit code");
        await ListAsync("?find=user-7", 1, "find a caller's id");
        await ListAsync("?find=cst_few", 2, "find a customer");
        await ListAsync("?find=cst_nobody", 0, "find nothing");
        await MeasureAsync("settlements that are booked", async () => Held(20, await Asked.AskAsync(
            "?state=booked&limit=20", _settlements.ListSettlements)));
        await MeasureAsync(
            "settlements that are unclaimed", async () => Held(1, await Asked.AskAsync("", _settlements.ListSettlements)));
        await MeasureAsync("bank deposits", () => DepositAsync(null));
        await MeasureAsync("bank deposits of a customer", () => DepositAsync("cst_few"));
        await MeasureAsync("a settlement", async () => (await _ledger.FindAsync(EndedJourneys.Transaction(7), Token)).Should().NotBeNull());
        await MeasureAsync("dead letters", async () => (await _letters.ListAsync(20, null, Token)).Data.Should().ContainSingle());
        await MeasureAsync("reconcile an hour", async () =>
        {
            var report = await _reconciliation.RunAsync(
                EndedJourneys.At(100).AddMinutes(1), EndedJourneys.At(109).AddMinutes(1), keep: true, Token);
            report.Should().BeEquivalentTo(new { Balanced = true, Missing = Array.Empty<string>(), Unfounded = Array.Empty<string>() });
            report.Totals.Single().CreditedCount.Should().Be(10);
        });
        await MeasureAsync("sweep what is left of the inbox", async () =>
        {
            await _sweep.RunAsync(_engine.Client, Token);
            _engine.Raised.Should().ContainSingle().Which.InstanceId.Should().Be("ci-open");
        });
        await MeasureAsync("sweep the inbox when nothing is left", () => _sweep.RunAsync(_engine.Client, Token));
        await MeasureAsync("clean the inbox of what is old", async () =>
        {
            await _cleaning.RunAsync(_engine.Client, Token);
            (await _inbox.FindAsync("ci_old", "whd_old", Token)).Should().BeNull();
        });
        await MeasureAsync("clean the inbox when nothing is old", () => _cleaning.RunAsync(_engine.Client, Token));
        await MeasureAsync("sweep a lost start", async () =>
        {
            await _starts.SweepStarts(new TimerInfo(), _engine.Client, Token);
            _engine.Started.Should().Equal("ci-lost");
        });
        await MeasureAsync("sweep starts when none is lost", () => _starts.SweepStarts(new TimerInfo(), _engine.Client, Token));
        await MeasureAsync("fill the index when nothing is to be listed", () => _fill.RunAsync(_engine.Client, Token));
        await MeasureAsync("remove those that are old enough", () => RemoveAsync(Old));
        await MeasureAsync("remove when nothing is old enough", () => RemoveAsync(0));
        return costs;

        async Task DepositAsync(string? customerId)
            => (await _ledger.Lists.ListDepositsAsync(customerId, 20, null, Token)).Page.Should().ContainSingle();

        async Task RemoveAsync(int expected) => (await _removal.RemoveOldAsync(_engine.Client, Token)).Should().Be(expected);

        Task<Asked> Ask(string query) => Asked.AskAsync(query, request => _journeys.ListJourneys(request, _engine.Client, Token));

        Task ListAsync(string query, int expected, string? what = null)
            => MeasureAsync(what ?? $"list {query}", async () => Held(expected, await Ask(query)));

        async Task MeasureAsync(string what, Func<Task> work)
        {
            var (requests, rows, engine) = (Traffic.Requests, Traffic.Rows, _engine.Reads);
            var started = TimeProvider.System.GetTimestamp();
            await work();
            costs[what] = new(
                Traffic.Requests - requests, Traffic.Rows - rows, _engine.Reads - engine,
                (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private static void Held(int expected, Asked answer) => answer.Body["data"]!.AsArray().Should().HaveCount(expected);

    /// <summary>
    /// Beside those that ended: two that run, one whose start was lost, and what an operator or a sweep has to look at.
    /// </summary>
    private static async Task<ScaleWorld> PreparedAsync(ScaleWorld world)
    {
        var at = EndedJourneys.First.AddHours(-1);
        await world.AddAsync("ci-lost", at, null, IntakeState.Accepted);
        await world.AddAsync("ci-open", at.AddMinutes(1), "cst_few", IntakeState.Started);
        await world.AddAsync("ci-late", at.AddMinutes(2), "cst_few", IntakeState.Started);
        world._engine.Tell("ci-lost", null)
            .Tell("ci-open", new() { Phase = JourneyPhase.AwaitingDeposit })
            .Tell("ci-late", new() { Phase = JourneyPhase.AwaitingSettlement, Overdue = true });
        await world._inbox.ListenAsync("ci_open", "ci-open", Token);
        await world.WaitAsync(Events.CashInCompleted("whd_waits", "ci_open", Events.Start.AddMinutes(-5)) with { Settles = false });
        var dead = Events.CashInCompleted("whd_dead", "ci_dead", at) with { State = InboxState.Dead };
        await world._inbox.StoreAsync(dead, Token);
        await world._inbox.Lists.BuryAsync(dead, Token);
        var money = EndedJourneys.Money(1).Settlement with { TransactionId = "txn_unclaimed", SettledAt = at };
        var old = Events.CashInCompleted("whd_old", "ci_old", Events.Start.AddDays(-31));
        await world._inbox.Lists.KeepAsync("ci_old", old.ReceivedAt, Token);
        await world._inbox.StoreAsync(old with { State = InboxState.Delivered, Settles = false }, Token);
        await world._ledger.KeepUnclaimedAsync(money, UnclaimedReason.NotBooked, Token);
        await world._ledger.BookDepositAsync(
            money with { TransactionId = "txn_bank", CashInId = "", CustomerId = "cst_few", Kind = SettlementKind.BankDeposit }, Token);
        foreach (var table in world._indexed)
            await world._index.UpsertEntityAsync(new TableEntity("fill", table.Name) { ["Pass"] = 3L }, TableUpdateMode.Replace, Token);
        world.Traffic.Reset();
        return world;
    }

    private async Task AddAsync(string id, DateTimeOffset at, string? customerId, IntakeState state) => await _intakes.AddAsync(
        new()
        {
            InstanceId = id,
            Orchestration = CashInWorkflow.Name,
            Input = "{}",
            ReceivedAt = at,
            CustomerId = customerId,
            State = state,
        },
        Token);

    private async Task WaitAsync(InboxEvent received)
    {
        await _inbox.StoreAsync(received, Token);
        await _inbox.Lists.WaitAsync(received, Token);
    }

    /// <summary>OMS that lists the ten transactions which the span of the test asks for.</summary>
    private sealed class HourOfOms : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var data = Enumerable.Range(100, 10).Reverse().Select(JsonNode (number) =>
            {
                var transaction = Fixture.Node("resources/transaction.fiatToCrypto.completed.json");
                transaction["id"] = EndedJourneys.Transaction(number);
                foreach (var time in (string[])["createdAt", "updatedAt", "completedAt"])
                    transaction[time] = EndedJourneys.At(number).AddMinutes(1).ToString("O", CultureInfo.InvariantCulture);
                return transaction;
            });
            var page = new JsonObject { ["data"] = new JsonArray([.. data]), ["hasMore"] = false };
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(page.ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
            });
        }
    }
}

/// <summary>What one of them cost: requests to the tables, rows that queries answered, reads of the engine.</summary>
internal sealed record ScaleCost(int Requests, int Rows, int Engine, long Milliseconds)
{
    public override string ToString() => $"{Requests,4} {Rows,4} {Engine,4} {Milliseconds,6} ms";
}
