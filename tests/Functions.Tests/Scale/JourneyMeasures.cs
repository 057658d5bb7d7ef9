using System.Globalization;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Journeys;
using OmsWorkflows.Payouts;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>Lists of journeys, searches, and one journey's document.</summary>
internal sealed class JourneyMeasures(ScaleWorld world) : IMeasures
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly JourneySearch _search = new(ScaleWorld.Kinds, world.Intakes, world.Inbox, world.Ledger);

    private JourneyEndpoints Journeys => new(
        ScaleWorld.Kinds, world.Intakes, _search, Acts.ReaderOn(world.Tables, world.Clock),
        Acts.CommandsOn(world.Tables, world.Intakes, world.Clock));

    /// <summary>Two that run, and a payout; the first of them was lost before its start.</summary>
    public async Task PrepareAsync()
    {
        var at = EndedJourneys.First.AddHours(-1);
        await world.AddJourneyAsync("ci-lost", at, null, state: IntakeState.Accepted);
        await world.AddJourneyAsync("ci-open", at.AddMinutes(1), "cst_few");
        await world.AddJourneyAsync("ci-late", at.AddMinutes(2), "cst_few");
        await world.AddJourneyAsync("po-open", at.AddMinutes(3), null, PayoutWorkflow.Name);
        world.Engine.Tell("ci-lost", null)
            .Tell("ci-open", new() { Phase = JourneyPhase.AwaitingDeposit })
            .Tell("ci-late", new() { Phase = JourneyPhase.AwaitingSettlement, Overdue = true })
            .Tell("po-open", new() { Phase = JourneyPhase.AwaitingPayout });
    }

    public async Task MeasureAsync(ScaleCosts costs)
    {
        await ListAsync("?limit=20", 20);
        await ListAsync("?kind=CashIn&limit=20", 20);
        await ListAsync("?kind=Payout&limit=20", 1);
        await ListAsync("?phase=Completed&limit=20", 20);
        await ListAsync("?phase=AwaitingDeposit", 1);
        await ListAsync("?phase=Failed", 0);
        await ListAsync("?overdue=true", 1);
        await ListAsync("?customerId=cst_few", 2);
        await ListAsync($"?from={Time(100)}&to={Time(109)}", 10);
        var next = (await AskAsync("?limit=20")).Body["next"]!.GetValue<string>();
        await ListAsync($"?limit=20&after={next}", 20, "the next page");
        await ListAsync($"?find={EndedJourneys.Id(7)}", 1, "find a journey");
        await ListAsync($"?find={EndedJourneys.CashIn(7)}", 1, "find a cash-in");
        await ListAsync($"?find={EndedJourneys.Transaction(7)}", 1, "find a transaction");
        await ListAsync("?find=wlt_7", 1, "find a wallet");
        await ListAsync("?find=175000007", 1, "find a deposit code");
        await ListAsync("?find=user-7", 1, "find a caller's id");
        await ListAsync("?find=cst_few", 2, "find a customer");
        await ListAsync("?find=cst_nobody", 0, "find nothing");
        await costs.MeasureAsync("find an e-mail address", async ()
            => (await _search.FindByEmailAsync("ci-open@example.test", world.Engine.Client, Token)).Should().ContainSingle());
        await costs.MeasureAsync("a journey's document", async ()
            => (await DocumentAsync(EndedJourneys.Id(7)))["actions"]!.AsArray().Should().ContainSingle());

        async Task ListAsync(string query, int expected, string? what = null) => await costs.MeasureAsync(
            what ?? $"list {query}", async () => (await AskAsync(query)).Body["data"]!.AsArray().Should().HaveCount(expected));
    }

    private Task<Asked> AskAsync(string query)
        => Asked.AskAsync(query, request => Journeys.ListJourneys(request, world.Engine.Client, Token));

    private async Task<System.Text.Json.Nodes.JsonNode> DocumentAsync(string id)
        => (await Asked.AskAsync("", request => Journeys.GetJourney(request, id, world.Engine.Client, Token))).Body;

    private static string Time(int number)
        => EndedJourneys.At(number).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
