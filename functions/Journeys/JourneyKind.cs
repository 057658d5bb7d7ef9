namespace OmsWorkflows.Journeys;

/// <summary>What tells one kind of journey from another: its orchestration, its ids, its place in the API.</summary>
/// <param name="Orchestration">The orchestration's name.</param>
/// <param name="Prefix">What its instance ids begin with, such as <c>ci</c>.</param>
/// <param name="Path">The collection's path, such as <c>/api/cash-ins</c>.</param>
public sealed record JourneyKind(string Orchestration, string Prefix, string Path);
