using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Payouts;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>Journeys of every kind in one list, and found by whatever a person holds in hand.</summary>
public sealed class JourneyEndpointsTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly JourneyKind[] Kinds = [CashInEndpoints.Kind, PayoutEndpoints.Kind];

    private readonly JourneyRecorder _journeys = new JourneyRecorder().With("ci-1").With("ci-2").With("po-1");
    private AppTables _tables = null!;
    private Intakes _intakes = null!;
    private Inbox _inbox = null!;
    private SettlementLedger _ledger = null!;

    public async ValueTask InitializeAsync()
    {
        var tables = _tables = await azurite.TablesAsync();
        _intakes = new Intakes(tables, new EphemeralDataProtectionProvider());
        _inbox = new Inbox(tables, TimeProvider.System, NullLogger<Inbox>.Instance);
        _ledger = new SettlementLedger(tables, TimeProvider.System, NullLogger<SettlementLedger>.Instance);
        await AddAsync("ci-1", CashInWorkflow.Name, "cst_1", Events.Start);
        await AddAsync("ci-2", CashInWorkflow.Name, "cst_2", Events.Start.AddHours(1));
        await AddAsync("po-1", PayoutWorkflow.Name, "cst_1", Events.Start.AddHours(2));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("", "ci-1", "ci-2", "po-1")]
    [InlineData("?kind=Payout", "po-1")]
    [InlineData("?kind=cashin&customerId=cst_1", "ci-1")]
    [InlineData("?customerId=cst_1", "ci-1", "po-1")]
    [InlineData("?phase=Accepted", "ci-1", "ci-2", "po-1")]
    [InlineData("?phase=Completed")]
    [InlineData("?overdue=true")]
    [InlineData("?overdue=false&kind=Payout", "po-1")]
    [InlineData("?from=2026-06-10T16:00:00Z", "po-1")]
    [InlineData("?to=2026-06-10T14:30:00Z", "ci-1")]
    public async Task List_Filtered_HoldsThatOnly(string query, params string[] ids)
        => (await IdsAsync(query)).Should().Equal(ids.Reverse(), "the newest comes first");

    [Theory]
    [InlineData("?kind=Loan", "kind")]
    [InlineData("?phase=Lost", "phase")]
    [InlineData("?overdue=maybe", "overdue")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?after=*", "after")]
    public async Task List_WithAWrongFilter_NamesIt(string query, string field)
    {
        var answer = await AskAsync(query);

        answer.Status.Should().Be(400);
        answer.Errors.Should().Equal(field);
    }

    [Fact]
    public async Task List_InPages_HoldsEachOnce()
    {
        var ids = new List<string>();
        var query = "?limit=1";
        while (true)
        {
            var answer = await AskAsync(query);
            ids.AddRange(Ids(answer));
            if (answer.Body["next"] is not { } next)
                break;
            query = $"?limit=1&after={next.GetValue<string>()}";
        }

        ids.Should().Equal("po-1", "ci-2", "ci-1");
    }

    [Fact]
    public async Task Find_ByTheJourneysId_FindsItAndSaysItsKind()
    {
        var answer = await AskAsync("?find=po-1");

        Ids(answer).Should().Equal("po-1");
        answer.Body["data"]![0]!["kind"]!.GetValue<string>().Should().Be("Payout");
    }

    [Fact]
    public async Task Find_ByACustomer_FindsAllOfThem_NewestFirst() => (await IdsAsync("?find=cst_1")).Should().Equal("po-1", "ci-1");

    [Fact]
    public async Task Find_ByACashIn_FindsTheJourneyThatListensToIt()
    {
        await _inbox.ListenAsync("ci_7", "ci-2", Token);

        (await IdsAsync("?find=ci_7")).Should().Equal("ci-2");
    }

    [Theory]
    [InlineData("txn_1")]
    [InlineData("ci_1")]
    public async Task Find_ByWhatWasBooked_FindsItsJourney(string id)
    {
        var money = new Settlement("txn_1", "ci_1", "cst_9", 120.00m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, "ci-1");
        await _ledger.BookAsync(money, Token);

        (await IdsAsync($"?find={id}")).Should().Equal("ci-1");
    }

    [Fact]
    public async Task Find_OfWhatNobodyKnows_FindsNothing() => (await IdsAsync("?find=txn_2")).Should().BeEmpty();

    [Theory]
    [InlineData("ana@example.test")]
    [InlineData("  Ana@Example.TEST ")]
    public async Task Find_ByEmail_FindsTheJourneysOfThatPersonHoweverItIsCased(string email)
    {
        await AddPersonAsync("ci-3", "Ana@example.test");
        await AddPersonAsync("ci-4", "ben@example.test");

        Ids(await FindAsync(email)).Should().Equal("ci-3");
    }

    [Fact]
    public async Task Find_ByEmailThatWasCorrected_FindsTheJourneyByBoth()
    {
        await AddPersonAsync("ci-3", "ana@example.test");
        await _intakes.SupplyAsync("ci-3", "supply-1", new Applicant { Email = "ana.reyes@example.test" }, Token);

        Ids(await FindAsync("ana.reyes@example.test")).Should().Equal("ci-3");
        Ids(await FindAsync("ana@example.test")).Should().Equal("ci-3");
    }

    [Fact]
    public async Task Find_ByEmail_HoldsTheAddressInNoRowAndIsTheSameInEveryInstance()
    {
        var protection = new EphemeralDataProtectionProvider();
        _intakes = new Intakes(_tables, protection);
        await AddPersonAsync("ci-3", "ana@example.test");
        _intakes = new Intakes(_tables, protection);

        Ids(await FindAsync("ana@example.test")).Should().Equal("ci-3");
        foreach (var table in (TableClient[])[_tables.Index, _tables.Intakes, _tables.Inbox])
            await foreach (var row in table.QueryAsync<TableEntity>())
                row.Select(column => $"{column.Value}").Should().NotContainMatch("*ana@*");
    }

    [Fact]
    public async Task Find_ByEmailWhileTheKeyCannotBeRead_FindsNothingAndStartsGoOn()
    {
        await AddPersonAsync("ci-3", "ana@example.test");
        var readable = _intakes;
        _intakes = new Intakes(_tables, new EphemeralDataProtectionProvider());

        await AddPersonAsync("ci-4", "ana@example.test");
        Ids(await FindAsync("ana@example.test")).Should().BeEmpty();

        _intakes = readable;
        Ids(await FindAsync("ana@example.test")).Should().Equal("ci-3");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Find_WithoutAnEmail_NamesTheField(string email)
    {
        var answer = await FindAsync(email);

        answer.Status.Should().Be(400);
        answer.Errors.Should().Equal("email");
    }

    [Fact]
    public async Task Get_OfNoJourney_IsNotFound()
    {
        var answer = await Asked.AskAsync("", request => Endpoints.GetJourney(request, "ci-9", _journeys.Client, Token));

        answer.Status.Should().Be(404);
    }

    private JourneyEndpoints Endpoints => new(
        Kinds, _intakes, new JourneySearch(Kinds, _intakes, _inbox, _ledger), Acts.ReaderOn(_tables, TimeProvider.System),
        Acts.CommandsOn(_tables, _intakes, TimeProvider.System));

    private static IEnumerable<string> Ids(Asked answer)
        => answer.Body["data"]!.AsArray().Select(journey => journey!["id"]!.GetValue<string>());

    private Task<Asked> AskAsync(string query)
        => Asked.AskAsync(query, request => Endpoints.ListJourneys(request, _journeys.Client, Token));

    private async Task<IEnumerable<string>> IdsAsync(string query) => Ids(await AskAsync(query));

    private Task<Asked> FindAsync(string email) => Asked.AskAsync("", request =>
    {
        request.ContentType = "application/json";
        request.Body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new { email }));
        return Endpoints.FindJourneysByEmail(request, _journeys.Client, Token);
    });

    private Task<bool> AddPersonAsync(string id, string email) => _intakes.AddAsync(
        new()
        {
            InstanceId = id,
            Orchestration = CashInWorkflow.Name,
            Input = "{}",
            ReceivedAt = Events.Start,
            State = IntakeState.Started,
            Applicant = new(new Applicant { Email = email }),
        },
        Token);

    private async Task AddAsync(string id, string orchestration, string customerId, DateTimeOffset receivedAt)
    {
        var intake = new Intake { InstanceId = id, Orchestration = orchestration, Input = "{}", CustomerId = customerId };
        await _intakes.AddAsync(intake with { ReceivedAt = receivedAt, State = IntakeState.Started }, Token);
    }
}
