using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Outbox;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.CashIns;

/// <summary>
/// What one cash-in with onboarding asks of the tables when all goes well: the start, the activities its orchestrator calls, and the events
/// OMS sends, in their order (docs/decisions/0015-reads-that-do-not-scan.md).
/// </summary>
public sealed class TableRequestsTests(ITestOutputHelper output)
{
    /// <summary>As in the metadata of the sample payloads.</summary>
    private const string InstanceId = "fund-000871-01";
    private const string Secret = "whsec_0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    private static readonly CancellationToken Token = CancellationToken.None;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task At_most_twenty_requests(bool hasExternalId, bool picksTheStore)
    {
        var calls = await CallsAsync();
        var world = new World();
        var money = await world.RunAsync(calls, hasExternalId, picksTheStore);

        output.WriteLine($"{world.Traffic.Requests}: {world.Traffic}");
        money.State.Should().Be(SettlementState.Booked);
        money.Settlement.InstanceId.Should().Be(InstanceId);
        world.Traffic.Requests.Should().BeLessThanOrEqualTo(20, world.Traffic.ToString());
        world.Traffic.Wide.Should().BeEmpty();
    }

    /// <summary>The activities of the happy path, as the orchestrator calls them.</summary>
    private static async Task<IReadOnlyList<string>> CallsAsync()
    {
        var scenario = new JourneyScenario()
            .At(1, oms => oms.Endorsement = "ACTIVE", SignalEvent.EndorsementChanged)
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(21, oms => oms.Settle(), SignalEvent.CashInCompleted);
        (await scenario.RunCashInAsync(oms => oms.Endorsement = "PENDING", poll: 30)).Phase.Should().Be(JourneyPhase.Completed);
        return [.. scenario.Calls];
    }

    private sealed class World
    {
        private readonly FakeTimeProvider _clock = new(Events.Start);
        private readonly JourneyRecorder _engine = new JourneyRecorder().With(InstanceId);
        private readonly Intakes _intakes;
        private readonly SettlementLedger _ledger;
        private readonly JourneyStart _start;
        private readonly OnboardingActivities _onboarding;
        private readonly CashInActivities _cashIns;
        private readonly WebhookReceiver _receiver;

        public World()
        {
            var services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
            var meters = services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
            var tables = new InMemoryTables().Open(Traffic);
            var oms = new OmsClient(
                new HttpClient(new IdempotencyKeyHandler { InnerHandler = new SampleOms() }) { BaseAddress = new("https://oms.example/") },
                new OmsCalls(NullLogger<OmsCalls>.Instance, meters, _clock));
            var inbox = new Inbox(tables, _clock, NullLogger<Inbox>.Instance);
            _intakes = new Intakes(tables, new EphemeralDataProtectionProvider());
            _ledger = new SettlementLedger(tables, _clock, NullLogger<SettlementLedger>.Instance);
            _start = new JourneyStart(_intakes, Outboxes.Off(), _clock, NullLogger<JourneyStart>.Instance);
            _onboarding = new OnboardingActivities(oms, _intakes, inbox, new Leases(tables, _clock));
            _cashIns = new CashInActivities(oms, _intakes, new CashInStores(oms, _intakes, _clock), inbox, _ledger, _clock);
            _receiver = new WebhookReceiver(
                inbox, new FixedOptions<WebhookOptions>(new() { CurrentSecret = Secret }), new SecretsAtHand(), _clock,
                services.GetRequiredService<AppMetrics>(), NullLogger<WebhookReceiver>.Instance);
        }

        public TableTraffic Traffic { get; } = new();

        public async Task<SettlementRecord> RunAsync(IReadOnlyList<string> calls, bool hasExternalId, bool picksTheStore)
        {
            await StartAsync(hasExternalId, picksTheStore);
            string customerId = "", walletId = "";
            CashInSnapshot? cashIn = null;
            foreach (var call in calls)
            {
                switch (call)
                {
                    case nameof(OnboardingActivities.CreateCustomer):
                        customerId = (await _onboarding.CreateCustomer(InstanceId, Token)).Value!.CustomerId;
                        await ReceiveAsync("customer.endorsement.granted");
                        break;
                    case nameof(OnboardingActivities.ReadCustomer):
                        (await _onboarding.ReadCustomer(new(InstanceId, customerId), Token)).HasValue.Should().BeTrue();
                        break;
                    case nameof(OnboardingActivities.ProvisionWallet):
                        walletId = (await _onboarding.ProvisionWallet(new(InstanceId, customerId), Token)).Value!.Id;
                        break;
                    case nameof(CashInActivities.CreateCashIn):
                        cashIn = (await _cashIns.CreateCashIn(new(InstanceId, customerId, walletId, 100m), Token)).Value;
                        foreach (var name in EventNames.SubscribedIn("v0.9").Intersect(
                            [
                                "cashIn.created", "transaction.fiatToCrypto.processing", "cashIn.completed",
                                "transaction.fiatToCrypto.completed",
                            ]))
                            await ReceiveAsync(name);
                        break;
                    case nameof(CashInActivities.BookAndCloseIfSettled):
                        var request = new CashInOfJourney(InstanceId, cashIn!.CashInId, customerId, walletId)
                        {
                            ReceivedAt = cashIn.ReceivedAt,
                        };
                        (await _cashIns.BookAndCloseIfSettled(request, Token)).Value!.Closed.Should().BeTrue();
                        break;
                    default:
                        throw new InvalidOperationException($"{call} is not on the happy path.");
                }
            }

            var (requests, told) = (Traffic.ToString(), _engine.Of(InstanceId).Count);
            told.Should().Be(4, requests);
            var settled = Traffic.Requests;
            var money = (await _ledger.FindAsync((string)Fixture.Node("resources/cash-in.completed.json")["transactionId"]!, Token))!;
            Traffic.Requests.Should().Be(settled + 1);
            Traffic.TakeBack("Settlements GET");
            return money;
        }

        private async Task StartAsync(bool hasExternalId, bool picksTheStore)
        {
            var intake = new Intake
            {
                InstanceId = InstanceId,
                Orchestration = CashInWorkflow.Name,
                Input = "{}",
                ReceivedAt = _clock.GetUtcNow(),
                Applicant = new(new Applicant { FirstName = "Ana", ExternalId = hasExternalId ? "user-000871" : null }),
                LocationId = picksTheStore ? null : "loc_1",
                LocationReference = picksTheStore ? null : "ref",
                StoreNear = picksTheStore ? new(new Place("greendot", 40.74m, -73.98m)) : null,
            };
            (await _intakes.AddAsync(intake, Token)).Should().BeTrue();
            await _start.ScheduleAsync(_engine.Client, intake, Token);
        }

        private async Task ReceiveAsync(string name)
        {
            var body = Encoding.UTF8.GetBytes(Fixture.Text($"webhooks/v0.9/{name}.json"));
            var http = new DefaultHttpContext();
            http.Request.Body = new MemoryStream(body);
            http.Request.ContentLength = body.Length;
            http.Request.Headers[WebhookSignature.HeaderName] = WebhookSignature.Sign(body, Secret, _clock.GetUtcNow());
            await _receiver.ReceiveAsync(http.Request, _engine.Client);
        }
    }

    /// <summary>OMS that answers with the sample payloads.</summary>
    private sealed class SampleOms : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
            JsonNode answer = (request.Method.Method, path) switch
            {
                ("GET", ["customers"]) or ("GET", ["customers", _, "wallets"]) => JsonNode.Parse("""{"data":[],"hasMore":false}""")!,
                ("POST", ["customers"]) => Fixture.Node("resources/customer.pending.json"),
                ("GET", ["customers", _]) => Fixture.Node("resources/customer.active.json"),
                ("POST", ["customers", _, "wallets"]) => Fixture.Node("resources/wallet.json"),
                ("GET", ["cash-locations"]) => Fixture.Node("resources/cash-locations.list.json"),
                ("POST", ["cash-ins"]) => Fixture.Node("resources/cash-in.pending.json"),
                ("GET", ["cash-ins", _]) => Fixture.Node("resources/cash-in.completed.json"),
                ("GET", ["transactions", _]) => Fixture.Node("resources/transaction.fiatToCrypto.completed.json"),
                _ => throw new InvalidOperationException($"{request.Method} {request.RequestUri} is not expected here."),
            };
            var status = request.Method == HttpMethod.Post ? HttpStatusCode.Created : HttpStatusCode.OK;
            return Task.FromResult(new HttpResponseMessage(status)
            {
                Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json"),
            });
        }
    }
}
