namespace OmsWorkflows.Journeys;

/// <summary>When OMS is asked although no webhook came.</summary>
internal static class Polling
{
    /// <summary>While money is on its way.</summary>
    public static readonly TimeSpan LongestForMoney = TimeSpan.FromHours(1);

    /// <summary>While OMS reviews a person, or an operator has to look.</summary>
    public static readonly TimeSpan LongestForReview = TimeSpan.FromHours(6);

    /// <summary>
    /// The next time to ask: rarer the longer the wait lasts (after a tenth of it), so that a wait of days asks dozens of times, not thousands.
    /// </summary>
    /// <param name="now">The journey's clock.</param>
    /// <param name="since">When the wait began.</param>
    /// <param name="atFirst">How long to wait at first, and at least.</param>
    /// <param name="longest">How long to wait at most.</param>
    public static DateTimeOffset Next(DateTimeOffset now, DateTimeOffset since, TimeSpan atFirst, TimeSpan longest)
    {
        var wait = (now - since) / 10;
        if (wait > longest)
            wait = longest;
        return now + (wait > atFirst ? wait : atFirst);
    }
}
