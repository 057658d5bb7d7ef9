using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Operations;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>The removal of journeys after their retention, and of a person on request.</summary>
internal sealed class RemovalMeasures : IMeasures
{
    /// <summary>Past their retention are the oldest that ended, and one of which the engine knows nothing any more.</summary>
    private const int Old = 6;

    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly DateTimeOffset Yesterday = Events.Start.AddDays(-1).AddHours(2);

    private readonly ScaleWorld _world;
    private readonly JourneyRemoval _removal;
    private readonly PersonRemoval _persons;

    public RemovalMeasures(ScaleWorld world)
    {
        _world = world;
        _removal = new JourneyRemoval(
            world.Intakes,
            ScaleWorld.Kinds,
            new FixedOptions<JourneyRetentionOptions>(new() { Retention = Events.Start - EndedJourneys.At(Old - 2) }),
            world.Clock,
            NullLogger<JourneyRemoval>.Instance);
        _persons = new PersonRemoval(
            world.Tables, world.Oms, world.Intakes, world.Ledger, _removal, NullLogger<PersonRemoval>.Instance);
    }

    public Task PrepareAsync() => AddPersonAsync("cst_leaves", 2);

    public async Task MeasureAsync(ScaleCosts costs)
    {
        await costs.MeasureAsync("remove a person", () => RemovePersonAsync("cst_leaves", 2));
        await costs.MeasureAsync("remove a person who is gone", () => RemovePersonAsync("cst_leaves", 0));
        await costs.MeasureAsync("remove those that are old enough", () => RemoveOldAsync(Old));
        await costs.MeasureAsync("remove when nothing is old enough", () => RemoveOldAsync(0));
    }

    /// <summary>Cash-ins of one customer that were told of, booked, and ended, with all that is kept of them.</summary>
    public async Task AddPersonAsync(string customer, int journeys)
    {
        foreach (var number in Enumerable.Range(1, journeys))
        {
            var (id, cashIn, at) = ($"ci-{customer}-{number}", $"ci_{customer}_{number}", Yesterday.AddMinutes(number));
            var money = EndedJourneys.Money(1).Settlement with
            {
                TransactionId = $"txn_{customer}_{number}",
                CashInId = cashIn,
                CustomerId = customer,
                InstanceId = id,
                SettledAt = at.AddHours(1),
            };
            await _world.AddJourneyAsync(id, at, customer);
            await _world.Intakes.Index.FindByAsync(
                id, at, [cashIn, money.TransactionId], Token, InboxLists.KeptSince(cashIn, at), InboxLists.KeptSince(customer, at));
            await _world.Inbox.ListenAsync(customer, id, Token);
            await _world.Inbox.ListenAsync(cashIn, id, Token);
            await _world.Inbox.StoreAsync(
                Events.CashInCompleted($"whd_{id}", cashIn, at.AddHours(1)) with { State = InboxState.Delivered, Settles = false }, Token);
            await _world.Ledger.BookAsync(money, Token);
            foreach (var row in EndedJourneys.TakenRowsOf(EndedJourneys.MessageOf(id, 1, at.AddHours(1))))
                await _world.Tables.Outbox.AddEntityAsync(row, Token);
            await _world.Intakes.Index.EndAsync(id, CashInWorkflow.Name, at, JourneyPhase.Completed, [], Token);
            _world.Engine.Tell(id, new()
            {
                Phase = JourneyPhase.Completed,
                Ended = true,
                CustomerId = customer,
                CashInId = cashIn,
                TransactionId = money.TransactionId,
            });
        }
    }

    public async Task RemovePersonAsync(string customer, int journeys)
    {
        var removed = await _persons.RemoveAsync(new() { CustomerId = customer }, _world.Engine.Client, Token);
        removed.Journeys.Should().Be(journeys);
        removed.SettlementsKept.Should().HaveCount(journeys);
        removed.Running.Should().BeEmpty();
    }

    private async Task RemoveOldAsync(int expected)
        => (await _removal.RemoveOldAsync(_world.Engine.Client, Token)).Should().Be(expected);
}
