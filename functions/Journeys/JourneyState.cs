using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>
/// What every journey takes along when its history starts over (docs/decisions/0009-bounded-history.md). A journey adds what its own steps know.
/// </summary>
/// <param name="Status">The status as last published.</param>
/// <param name="Unread">Signals that came and were not received yet, in their order.</param>
/// <param name="Seen">Ids of the latest deliveries that were received: a repeated one is recognised.</param>
public sealed record JourneyState(JourneyStatus Status, IReadOnlyList<Signal> Unread, IReadOnlyList<string> Seen);
