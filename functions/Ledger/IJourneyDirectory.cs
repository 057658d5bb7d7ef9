namespace OmsWorkflows.Ledger;

/// <summary>Knows which journeys there are and were, also those whose history the engine has purged.</summary>
public interface IJourneyDirectory
{
    /// <summary>Whether there is, or was, such a journey.</summary>
    Task<bool> ContainsAsync(string instanceId, CancellationToken cancellationToken);
}
