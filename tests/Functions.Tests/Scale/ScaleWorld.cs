using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Ledger;
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

/// <summary>An app whose tables hold so many ended journeys, and what its parts share.</summary>
internal sealed class ScaleWorld : IAsyncDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
    private readonly Azurite? _azurite;

    private ScaleWorld(AppTables tables, TableTraffic traffic, int count, Azurite? azurite = null)
    {
        (Tables, Traffic, Count, _azurite) = (tables, traffic, count, azurite);
        Intakes = new Intakes(tables, new EphemeralDataProtectionProvider());
        Inbox = new Inbox(tables, Clock, NullLogger<Inbox>.Instance);
        Ledger = new SettlementLedger(tables, Clock, NullLogger<SettlementLedger>.Instance);
        var meters = _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        Oms = new OmsClient(
            new HttpClient(new HourOfOms()) { BaseAddress = new("https://oms.example/") },
            new OmsCalls(NullLogger<OmsCalls>.Instance, meters, Clock));
        Watch = Watching.For(Oms, Ledger);
        Open = new OpenTransactions(tables, Watch, Clock, NullLogger<OpenTransactions>.Instance);
        Indexed =
        [
            new IndexedIntakes(tables, Intakes, Kinds), new IndexedSettlements(tables, Ledger, Open), new IndexedEvents(tables, Inbox),
        ];
    }

    public static JourneyKind[] Kinds { get; } = [CashInEndpoints.Kind, PayoutEndpoints.Kind];

    public AppTables Tables { get; }

    public TableTraffic Traffic { get; }

    /// <summary>How many journeys have ended.</summary>
    public int Count { get; }

    public FakeTimeProvider Clock { get; } = new(Events.Start);

    /// <summary>Of a journey it was told nothing of it says that it completed.</summary>
    public StatusEngine Engine { get; } = new(new() { Phase = JourneyPhase.Completed, Ended = true });

    public Intakes Intakes { get; }

    public Inbox Inbox { get; }

    public SettlementLedger Ledger { get; }

    public SettlementWatch Watch { get; }

    public OpenTransactions Open { get; }

    /// <summary>The tables whose rows stand in lists.</summary>
    public IReadOnlyList<IIndexedTable> Indexed { get; }

    public OmsClient Oms { get; }

    public AppMetrics Metrics => _services.GetRequiredService<AppMetrics>();

    public static async Task<ScaleWorld> InMemoryAsync(int count)
    {
        var (memory, traffic) = (new InMemoryTables(), new TableTraffic());
        await EndedJourneys.FillAsync(memory.Open(), count, Token);
        var world = new ScaleWorld(memory.Open(traffic), traffic, count);
        await world.Tables.CreateAsync(Token);
        return world;
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

        // Azurite closes a connection after seconds in which it was busy with another one.
        var traffic = new TableTraffic { InnerHandler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero } };
        var counted = azurite.Tables(prefix, new HttpClientTransport(new HttpClient(traffic)));
        await counted.CreateAsync(Token);
        return new ScaleWorld(counted, traffic, count, azurite);
    }

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        await _services.DisposeAsync();
    }

    /// <summary>Measures everything; the last one removes journeys.</summary>
    public async Task<ScaleCosts> MeasureAsync()
    {
        var costs = new ScaleCosts(this);
        using var notifications = new NotificationMeasures(this);
        IMeasures[] all =
        [
            new JourneyMeasures(this), new LedgerMeasures(this), new InboxMeasures(this), notifications, new OperationsMeasures(this),
            new RemovalMeasures(this),
        ];
        foreach (var measures in all)
            await measures.PrepareAsync();
        Traffic.Reset();
        foreach (var measures in all)
            await measures.MeasureAsync(costs);
        return costs;
    }

    /// <summary>Adds a journey, as its start does.</summary>
    public async Task AddJourneyAsync(
        string id, DateTimeOffset at, string? customerId, string? orchestration = null, IntakeState state = IntakeState.Started)
        => await Intakes.AddAsync(
            new()
            {
                InstanceId = id,
                Orchestration = orchestration ?? CashInWorkflow.Name,
                Input = "{}",
                ReceivedAt = at,
                CustomerId = customerId,
                State = state,
                Applicant = new(new Applicant { Email = $"{id}@example.test" }),
            },
            Token);
}
