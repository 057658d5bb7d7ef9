using System.Text.Json;
using Microsoft.DurableTask;

namespace OmsWorkflows.Journeys;

/// <summary>
/// Notes the milestones of a journey as its status changes, for the frame to tell at the next wait or call. Notes nothing in a journey that
/// was started while nobody was to be told: then it costs nothing, and histories recorded before replay.
/// </summary>
internal sealed class Milestones(TaskOrchestrationContext context, bool tells, MilestoneMemory? memory)
{
    private readonly List<Milestone> _untold = [.. memory?.Untold ?? []];
    private long _noted = memory?.Noted ?? 0;

    /// <summary>Those that are not in the outbox yet, in order.</summary>
    public IReadOnlyList<Milestone> Untold => [.. _untold];

    /// <summary>For the next execution; null when there is nothing to remember.</summary>
    public MilestoneMemory? Memory => tells ? new(_noted, Untold) : null;

    public void Note(JourneyStatus last, JourneyStatus next)
    {
        if (!tells)
            return;
        var journey = JsonNamingPolicy.CamelCase.ConvertName(context.Name.Name);
        foreach (var name in MilestoneNames.Between(last, next))
            _untold.Add(new(++_noted, $"{journey}.{name}", context.CurrentUtcDateTime));
    }

    /// <summary>They are in the outbox.</summary>
    public void Told(IReadOnlyList<Milestone> told) => _untold.RemoveAll(told.Contains);
}
