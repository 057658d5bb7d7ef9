using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Ledger;

/// <summary>Looks journeys up, for rooms that know none.</summary>
public interface IJourneyDirectory
{
    /// <summary>What is known of a journey; null when there is none.</summary>
    Task<JourneyFacts?> FindAsync(string instanceId, DurableTaskClient client, CancellationToken cancellationToken);
}

/// <summary>What a decision about money or an event has to fit.</summary>
/// <param name="Phase">Where the journey stands.</param>
/// <param name="Ended">Whether it is over.</param>
/// <param name="CustomerId">Whose it is, once known.</param>
/// <param name="CashInId">Its cash-in at OMS, once there is one.</param>
/// <param name="TransactionId">Its transaction at OMS, once there is one.</param>
/// <param name="BookedTransactionId">The transaction it booked, if it did.</param>
public sealed record JourneyFacts(
    string Phase, bool Ended, string? CustomerId, string? CashInId, string? TransactionId, string? BookedTransactionId)
{
    /// <summary>Whether its history is no longer kept, so that only its customer is known.</summary>
    public bool HistoryGone { get; init; }
}
