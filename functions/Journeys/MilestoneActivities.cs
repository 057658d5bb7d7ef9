using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Outbox;

namespace OmsWorkflows.Journeys;

/// <summary>Puts milestones into the outbox (docs/decisions/0013-notifications.md).</summary>
public sealed class MilestoneActivities(OutboxWriter outbox, Intakes intakes, IEnumerable<JourneyKind> kinds)
{
    /// <summary>
    /// Puts a journey's milestones into the outbox, in order, each with the status document that callers get. Nothing happens when nobody
    /// is to be told any more.
    /// </summary>
    [Function(nameof(TellMilestones))]
    public async Task TellMilestones([ActivityTrigger] MilestonesToTell told, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(told);
        if (!outbox.IsOn)
            return;
        var intake = await intakes.GetAsync(told.InstanceId, cancellationToken);
        var kind = kinds.Single(each => each.Orchestration == intake.Orchestration);
        var document = new JourneyView(kind, intake, told.Status).ToDocument();
        foreach (var milestone in told.Milestones)
            await outbox.AddAsync(
                told.InstanceId, milestone.Sequence, milestone.Type, milestone.At, document, cancellationToken);
    }
}
