using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Functions.Tests.Outbox;
using OmsWorkflows.Journeys;
using OmsWorkflows.Operations;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>
/// What an operator sees first, the start of what was lost, and the index when it has been filled. The fill itself reads each table whole,
/// a few times in the life of a version, so it is no part of this: <see cref="FillTests"/> counts it.
/// </summary>
internal sealed class OperationsMeasures(ScaleWorld world) : IMeasures
{
    private static readonly CancellationToken Token = CancellationToken.None;

    /// <summary>All passes of the fill are over.</summary>
    public async Task PrepareAsync()
    {
        foreach (var table in world.Indexed)
            await world.Tables.Index.UpsertEntityAsync(
                new TableEntity("fill", table.Name) { ["Pass"] = 3L }, TableUpdateMode.Replace, Token);
    }

    public async Task MeasureAsync(ScaleCosts costs)
    {
        var client = world.Engine.Client;
        var starts = new StartSweeper(
            new JourneyStart(world.Intakes, Outboxes.Off(), world.Clock, NullLogger<JourneyStart>.Instance),
            world.Intakes,
            world.Clock,
            NullLogger<StartSweeper>.Instance);
        var fill = new IndexFill(world.Indexed, world.Tables, world.Clock, NullLogger<IndexFill>.Instance);
        await costs.MeasureAsync("sweep a lost start", async () =>
        {
            await starts.SweepStarts(new TimerInfo(), client, Token);
            world.Engine.Started.Should().Equal("ci-lost");
        });
        await costs.MeasureAsync("sweep starts when none is lost", () => starts.SweepStarts(new TimerInfo(), client, Token));
        await costs.MeasureAsync("fill the index when nothing is to be listed", () => fill.RunAsync(client, Token));
        await costs.MeasureAsync("overview", OverviewAsync);
    }

    /// <summary>Over what runs and the last day, at most so many of each: those that ended before are not looked at.</summary>
    private async Task OverviewAsync()
    {
        var overview = new Overview(
            ScaleWorld.Kinds,
            new JourneyLists(world.Intakes),
            world.Ledger,
            new DeadLetters(world.Inbox, NullLogger<DeadLetters>.Instance),
            new HealthProbe(world.Tables, world.Oms, world.Clock, NullLogger<HealthProbe>.Instance),
            world.Clock);
        var report = await overview.ReadAsync(world.Engine.Client, Token);
        report.Complete.Should().BeTrue();
        report.Health.Ready.Should().BeTrue();
        report.Journeys.Should().Contain(count => count.Phase == JourneyPhase.AwaitingDeposit && count.Count == 1);
    }
}
