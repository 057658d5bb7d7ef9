namespace OmsWorkflows.Notifications;

/// <summary>What became of one try.</summary>
/// <param name="Result">Whether it was taken.</param>
/// <param name="Cause">Why not, in a word for logs and lists: a status, or what kept an answer from coming.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone; <see langword="null"/> if it does not say.</param>
internal readonly record struct NotificationAnswer(NotificationResult Result, string? Cause = null, TimeSpan? RetryAfter = null)
{
    public static NotificationAnswer Taken { get; } = new(NotificationResult.Taken);

    public static NotificationAnswer Held { get; } = new(NotificationResult.Held);

    public static NotificationAnswer Refused(string cause, TimeSpan? retryAfter = null)
        => new(NotificationResult.Refused, cause, retryAfter);
}

/// <summary>Whether a receiver took what it was told.</summary>
internal enum NotificationResult
{
    /// <summary>It answered 2xx.</summary>
    Taken = 0,

    /// <summary>It answered anything else, or nothing in time.</summary>
    Refused,

    /// <summary>It was not asked: it failed again and again just now, or there is no secret to sign with.</summary>
    Held,
}
