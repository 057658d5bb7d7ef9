namespace OmsWorkflows.Journeys;

/// <summary>What became of the money of a journey that an operator resolves.</summary>
public enum ResolveOutcome
{
    /// <summary>It reached whom it was for, outside of this journey.</summary>
    Delivered = 0,

    /// <summary>Whoever paid has it back.</summary>
    Returned,

    /// <summary>None moved.</summary>
    NotMoved,
}
