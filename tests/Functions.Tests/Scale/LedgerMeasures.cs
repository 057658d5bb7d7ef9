using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Actions;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Http;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>Lists of settlements and bank deposits, the reconciliation, and what operators decide.</summary>
internal sealed class LedgerMeasures(ScaleWorld world) : IMeasures
{
    private const string Unclaimed = "txn_unclaimed";

    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly Decisions _decisions = Acts.DecisionsOn(world.Tables, world.Clock);

    /// <summary>Money nobody claims, on which one of two people has decided; money from a bank; a transaction under way.</summary>
    public async Task PrepareAsync()
    {
        var money = EndedJourneys.Money(1).Settlement with
        {
            TransactionId = Unclaimed,
            SettledAt = EndedJourneys.First.AddHours(-1),
        };
        await world.Ledger.KeepUnclaimedAsync(money, UnclaimedReason.NotBooked, Token);
        await world.Ledger.BookDepositAsync(
            money with { TransactionId = "txn_bank", CashInId = "", CustomerId = "cst_few", Kind = SettlementKind.BankDeposit }, Token);
        await world.Open.NoteAsync(HourOfOms.UnderWay, Token);
        var decision = new Decision(
            "handled", Unclaimed, null, new Actor("7d1c1c1e-0000-4000-8000-000000000001", IsKnown: true), "OPS-7", "paid back");
        await _decisions.TakeAsync(
            decision, takesTwo: true, _ => throw new InvalidOperationException("One person does not decide it."), Token);
    }

    public async Task MeasureAsync(ScaleCosts costs)
    {
        var actions = new ActionLog(world.Tables);
        var settlements = new SettlementEndpoints(world.Ledger, actions, _decisions);
        var deposits = new DepositEndpoints(world.Ledger);
        await ListAsync("settlements that are booked", "?state=booked&limit=20", settlements.ListSettlements, 20);
        await ListAsync("settlements that are unclaimed", "", settlements.ListSettlements, 1);
        await ListAsync("bank deposits", "", request => deposits.ListDeposits(request, Token), 1);
        await ListAsync("bank deposits of a customer", "?customerId=cst_few", request => deposits.ListDeposits(request, Token), 1);
        await ListAsync("decisions that wait", "", new DecisionEndpoints(_decisions).ListDecisions, 1);
        await costs.MeasureAsync("a settlement's document", async () =>
        {
            var answer = await Asked.AskAsync("", request => settlements.GetSettlement(request, EndedJourneys.Transaction(7)));
            answer.Body["state"]!.GetValue<string>().Should().Be(nameof(SettlementState.Booked));
        });
        await costs.MeasureAsync("what was done to a settlement", async ()
            => (await actions.ListAsync(EndedJourneys.Transaction(7), Token)).Should().BeEmpty());
        await costs.MeasureAsync("follow up what is under way", () => world.Open.FollowUpAsync(Events.Start, Token));
        await costs.MeasureAsync("reconcile an hour", ReconcileAsync);

        async Task ListAsync(string what, string query, Func<HttpRequest, Task<IResult>> list, int expected) => await costs.MeasureAsync(
            what, async () => (await Asked.AskAsync(query, list)).Body["data"]!.AsArray().Should().HaveCount(expected));
    }

    private async Task ReconcileAsync()
    {
        var reconciliation = new Reconciliation(
            world.Oms, world.Ledger, world.Watch, world.Open, new FixedOptions<LedgerOptions>(new()), world.Clock,
            NullLogger<Reconciliation>.Instance);
        var report = await reconciliation.RunAsync(
            EndedJourneys.At(100).AddMinutes(1), EndedJourneys.At(109).AddMinutes(1), keep: true, Token);
        report.Should().BeEquivalentTo(new { Balanced = true, Missing = Array.Empty<string>(), Unfounded = Array.Empty<string>() });
        report.Totals.Single().CreditedCount.Should().Be(10);
    }
}
