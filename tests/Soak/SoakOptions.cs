namespace OmsWorkflows.Soak;

/// <summary>What a run is made of. All that is random in it follows from the seed, except what processes do among themselves.</summary>
/// <param name="Journeys">How many cash-ins are started.</param>
/// <param name="Kills">How often host, worker or both are killed.</param>
/// <param name="FaultPercent">How likely each fault strikes where it can, in percent.</param>
/// <param name="Seed">Where plans, faults and kills follow from.</param>
internal sealed record SoakOptions(int Journeys, int Kills, double FaultPercent, int Seed)
{
    /// <summary>How many journeys are played at a time.</summary>
    public int AtOnce { get; init; } = 100;

    /// <summary>The times of the run.</summary>
    public SoakPace Pace { get; init; } = SoakPace.Soak;

    /// <summary>Whether some cash comes after its journey's end; such money is kept a minute later at the earliest.</summary>
    public bool CashAfterTheEnd { get; init; } = true;

    /// <summary>Keeps logs and database of the run.</summary>
    public bool KeepFolder { get; init; }
}
