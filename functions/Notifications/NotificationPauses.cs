namespace OmsWorkflows.Notifications;

/// <summary>How long it takes until a message is tried again.</summary>
internal static class NotificationPauses
{
    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    /// <summary>Five seconds, and four times as long after each further try, up to six hours.</summary>
    public static TimeSpan After(int tries)
    {
        var pause = First * Math.Pow(4, Math.Min(tries - 1, 10));
        return pause < Longest ? pause : Longest;
    }
}
