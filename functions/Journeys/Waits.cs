namespace OmsWorkflows.Journeys;

/// <summary>How long a journey lets pass before it asks again, and before it raises an alarm.</summary>
internal static class Waits
{
    /// <summary>OMS not answering for so long is something an operator wants to know.</summary>
    public static readonly TimeSpan SilenceAlarm = TimeSpan.FromMinutes(15);

    /// <summary>A fault of the app's own that lasts for so long does not pass by itself.</summary>
    public static readonly TimeSpan FaultReview = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestFaultRetry = TimeSpan.FromHours(1);

    /// <summary>
    /// The pause after a call without an answer: two seconds, doubling up to five minutes, and never shorter than OMS asked for.
    /// </summary>
    /// <param name="tries">How many calls went without an answer, one after the other; at least 1.</param>
    /// <param name="asked">What OMS asked for; null when it did not.</param>
    public static TimeSpan AfterSilence(int tries, TimeSpan? asked)
    {
        var pause = Doubled(ShortestRetry, tries, LongestRetry);
        return asked > pause ? asked.Value : pause;
    }

    /// <summary>The pause after a fault of the app's own: ten seconds, doubling up to an hour.</summary>
    public static TimeSpan AfterFault(int tries) => Doubled(TimeSpan.FromSeconds(10), tries, LongestFaultRetry);

    /// <summary>
    /// The pause between two polls: as configured at first, then an eighth of the time waited so far. What has not happened for days will
    /// not happen within minutes, and each poll costs a call and six events of history.
    /// </summary>
    public static TimeSpan BetweenPolls(TimeSpan configured, TimeSpan waited, TimeSpan longest)
    {
        var thinned = waited / 8;
        if (thinned > longest)
            thinned = longest;
        return thinned > configured ? thinned : configured;
    }

    private static TimeSpan Doubled(TimeSpan first, int tries, TimeSpan longest)
    {
        var doublings = Math.Clamp(tries - 1, 0, 20);
        var pause = first * (1 << doublings);
        return pause < longest ? pause : longest;
    }
}
