namespace OmsWorkflows.Journeys;

/// <summary>Something of a journey that the team's own systems are told (docs/decisions/0013-notifications.md).</summary>
/// <param name="Sequence">Its place among the journey's milestones, from 1.</param>
/// <param name="Type">What happened, such as <c>cashIn.codeIssued</c>.</param>
/// <param name="At">When (UTC).</param>
public sealed record Milestone(long Sequence, string Type, DateTimeOffset At);

/// <summary>What a journey that tells takes along when it continues as new.</summary>
/// <param name="Noted">How many milestones it has come to.</param>
/// <param name="Untold">Those that are not in the outbox yet.</param>
public sealed record MilestoneMemory(long Noted, IReadOnlyList<Milestone> Untold);

/// <summary>Milestones for the outbox, with how the journey stands.</summary>
/// <param name="InstanceId">The journey.</param>
/// <param name="Milestones">In order.</param>
/// <param name="Status">How it stands as they are told.</param>
public sealed record MilestonesToTell(string InstanceId, IReadOnlyList<Milestone> Milestones, JourneyStatus Status);
