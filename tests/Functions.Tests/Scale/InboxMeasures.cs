using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>
/// Dead letters, the sweep and the cleaning of the inbox, and of leases. An ended journey leaves no lease: its customer's ran out, and was
/// removed in the night after it.
/// </summary>
internal sealed class InboxMeasures(ScaleWorld world) : IMeasures
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly FixedOptions<WebhookOptions> Options = new(new());

    /// <summary>An event that waits, one that is dead, one past its retention; two leases that ran out, and one that is held.</summary>
    public async Task PrepareAsync()
    {
        await world.Inbox.ListenAsync("ci_open", "ci-open", Token);
        var waits = Events.CashInCompleted("whd_waits", "ci_open", Events.Start.AddMinutes(-5)) with { Settles = false };
        await world.Inbox.StoreAsync(waits, Token);
        await world.Inbox.Lists.WaitAsync(waits, Token);
        var dead = Events.CashInCompleted("whd_dead", "ci_dead", EndedJourneys.First.AddHours(-1)) with { State = InboxState.Dead };
        await world.Inbox.StoreAsync(dead, Token);
        await world.Inbox.Lists.BuryAsync(dead, Token);
        var old = Events.CashInCompleted("whd_old", "ci_old", Events.Start.AddDays(-31));
        await world.Inbox.Lists.KeepAsync("ci_old", old.ReceivedAt, Token);
        await world.Inbox.StoreAsync(old with { State = InboxState.Delivered, Settles = false }, Token);
        var before = new Leases(world.Tables, new FakeTimeProvider(Events.Start.AddHours(-1)));
        await before.TakeAsync("cst-1", "ci-1", Token);
        await before.TakeAsync("cst-2", "ci-2", Token);
        await new Leases(world.Tables, world.Clock).TakeAsync("cst-3", "ci-3", Token);
    }

    public async Task MeasureAsync(ScaleCosts costs)
    {
        var letters = new DeadLetters(world.Inbox, NullLogger<DeadLetters>.Instance);
        var sweep = new InboxSweep(
            world.Inbox, world.Watch, world.Ledger, Options, new FixedOptions<LedgerOptions>(new()), world.Clock, world.Metrics,
            NullLogger<InboxSweep>.Instance);
        var cleaning = new InboxCleaning(world.Tables, world.Inbox, Options, world.Clock, NullLogger<InboxCleaning>.Instance);
        var leases = new Leases(world.Tables, world.Clock);
        await costs.MeasureAsync("dead letters", async ()
            => (await letters.ListAsync(20, null, Token)).Data.Should().ContainSingle());
        await costs.MeasureAsync("sweep what is left of the inbox", async () =>
        {
            await sweep.RunAsync(world.Engine.Client, Token);
            world.Engine.Raised.Should().ContainSingle().Which.InstanceId.Should().Be("ci-open");
        });
        await costs.MeasureAsync("sweep the inbox when nothing is left", () => sweep.RunAsync(world.Engine.Client, Token));
        await costs.MeasureAsync("clean the inbox of what is old", async () =>
        {
            await cleaning.RunAsync(world.Engine.Client, Token);
            (await world.Inbox.FindAsync("ci_old", "whd_old", Token)).Should().BeNull();
        });
        await costs.MeasureAsync("clean the inbox when nothing is old", () => cleaning.RunAsync(world.Engine.Client, Token));
        await costs.MeasureAsync("remove leases that ran out", async () =>
        {
            await leases.CleanAsync(Token);
            (await leases.TakeAsync("cst-1", "ci-4", Token)).Should().NotBeNull();
        });
        await costs.MeasureAsync("remove leases when none ran out", () => leases.CleanAsync(Token));
    }
}
