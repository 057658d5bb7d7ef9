using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Outbox;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Payouts;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>One instance of the app: everything of its own but the tables, OMS and the keys.</summary>
internal sealed class AppInstance : IActivities
{
    public const string Secret = "whsec_0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    public static readonly CashInOptions CashIns = new()
    {
        MaxRefreshRounds = 0,
        GraceTime = TimeSpan.FromHours(1),
        DepositPoll = TimeSpan.FromMinutes(25),
        SettlementPoll = TimeSpan.FromMinutes(10),
    };

    private static readonly OnboardingOptions Onboarding = new()
    {
        Poll = TimeSpan.FromMinutes(10),
        GiveUpAfter = TimeSpan.FromMinutes(45),
    };

    private static readonly PayoutOptions Payouts = new() { MaxQuoteRounds = 3, Poll = TimeSpan.FromMinutes(10) };

    private static readonly ServiceProvider Services =
        new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();

    private static readonly Dictionary<string, MethodInfo> Methods = (
        from method in typeof(Program).Assembly.GetTypes().SelectMany(type => type.GetMethods())
        where method.GetParameters().Any(parameter => parameter.IsDefined(typeof(ActivityTriggerAttribute)))
        select method).ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name);

    private readonly Dictionary<Type, object> _activities;
    private readonly TimeProvider _clock;
    private readonly JourneyCommands _commands;
    private readonly JourneyStart _start;
    private readonly ApplicantSupply _supply;
    private readonly WebhookReceiver _receiver;
    private readonly Reconciliation _reconciliation;
    private readonly StubOms _oms;
    private readonly JourneyReader _reader;

    public AppInstance(AppTables tables, StubOms oms, FakeTimeProvider clock, IDataProtectionProvider protection)
    {
        (_clock, _oms) = (clock, oms);
        Intakes = new Intakes(tables, protection);
        Inbox = new Inbox(tables, clock, NullLogger<Inbox>.Instance);
        Ledger = new SettlementLedger(tables, clock, NullLogger<SettlementLedger>.Instance);
        var client = oms.Client();
        var watch = Watching.For(client, Ledger);
        var open = new OpenTransactions(tables, watch, clock, NullLogger<OpenTransactions>.Instance);
        var ledgerOptions = new FixedOptions<LedgerOptions>(new());
        var metrics = Services.GetRequiredService<AppMetrics>();
        _reconciliation = new(client, Ledger, watch, open, ledgerOptions, clock, NullLogger<Reconciliation>.Instance);
        var outbox = Outboxes.On(tables, clock, "team");
        _start = new(Intakes, outbox, clock, NullLogger<JourneyStart>.Instance);
        _commands = Acts.CommandsOn(tables, Intakes, clock);
        _reader = Acts.ReaderOn(tables, clock);
        _supply = new(Intakes, _commands, clock);
        var webhooks = new FixedOptions<WebhookOptions>(new() { CurrentSecret = Secret });
        _receiver = new(Inbox, webhooks, new SecretsAtHand(), clock, metrics, NullLogger<WebhookReceiver>.Instance);
        Sweep = new(Inbox, watch, Ledger, webhooks, ledgerOptions, clock, metrics, NullLogger<InboxSweep>.Instance);
        Starts = new(_start, Intakes, clock, NullLogger<StartSweeper>.Instance);
        object[] activities =
        [
            new OnboardingActivities(client, Intakes, Inbox, new Leases(tables, clock)),
            new CashInActivities(client, Intakes, new CashInStores(client, Intakes, clock), Inbox, Ledger, clock),
            new PayoutActivities(client, Inbox, Intakes),
            new JourneyActivities(Inbox, Intakes),
            new MilestoneActivities(outbox, Intakes, [CashInEndpoints.Kind, OnboardingEndpoints.Kind, PayoutEndpoints.Kind]),
        ];
        _activities = activities.ToDictionary(each => each.GetType());
    }

    public Intakes Intakes { get; }

    public Inbox Inbox { get; }

    public SettlementLedger Ledger { get; }

    public InboxSweep Sweep { get; }

    public StartSweeper Starts { get; }

    public CashInEndpoints CashIn => new(
        _start, Intakes, _reader, _commands, _supply, new FixedOptions<CashInOptions>(CashIns),
        new FixedOptions<OnboardingOptions>(Onboarding), _clock);

    public OnboardingEndpoints Onboard => new(
        _start, Intakes, _reader, _commands, _supply, new FixedOptions<OnboardingOptions>(Onboarding), _clock);

    public PayoutEndpoints Payout => new(
        _start, Intakes, _reader, _commands, new PickupCodes(_oms.Client()), new FixedOptions<PayoutOptions>(Payouts));

    public Task ReconcileAsync(CancellationToken token)
        => _reconciliation.RunAsync(_clock.GetUtcNow().AddDays(-3), _clock.GetUtcNow(), keep: true, token);

    /// <summary>Brings one signed delivery; answers the status.</summary>
    public async Task<int?> DeliverAsync(StubEngine engine, string deliveryId, string name, string data)
    {
        var body = Encoding.UTF8.GetBytes($$"""{ "id": "{{deliveryId}}", "event": "{{name}}", "data": {{data}} }""");
        var request = Request(body, null);
        request.Headers[WebhookSignature.HeaderName] = WebhookSignature.Sign(body, Secret, _clock.GetUtcNow());
        return ((IStatusCodeHttpResult)await _receiver.ReceiveAsync(request, engine)).StatusCode;
    }

    /// <summary>A request with a JSON body, maybe under a key.</summary>
    public static HttpRequest Request(object body, string? key)
        => Request(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options), key);

    public async Task<object?> RunAsync(string activity, string input, JsonSerializerOptions json)
    {
        var method = Methods[activity];
        var argument = JsonSerializer.Deserialize(input, method.GetParameters()[0].ParameterType, json);
        var running = (Task)method.Invoke(_activities[method.DeclaringType!], [argument, CancellationToken.None])!;
        await running;
        if (running.GetType().GetProperty("Result") is not { } result || result.PropertyType.Name == "VoidTaskResult")
            return null;

        // As the engine carries it: in text.
        var text = JsonSerializer.Serialize(result.GetValue(running), result.PropertyType, json);
        return JsonSerializer.Deserialize(text, result.PropertyType, json);
    }

    private static HttpRequest Request(byte[] body, string? key)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.ContentType = "application/json";
        http.Request.ContentLength = body.Length;
        http.Request.Body = new MemoryStream(body);
        if (key is not null)
            http.Request.Headers[IdempotencyKey.HeaderName] = key;
        return http.Request;
    }
}
