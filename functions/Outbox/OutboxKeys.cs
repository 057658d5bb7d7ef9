using System.Globalization;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Outbox;

/// <summary>
/// Where the rows of the outbox stand (docs/decisions/0013-notifications.md). What is due, dead, or was told in an hour has a partition of
/// its own, so that nobody who looks for it passes over anything else.
/// </summary>
internal static class OutboxKeys
{
    private const string LogPrefix = "log:";
    private const string DeadPrefix = "dead:";

    /// <summary>
    /// First key that is no dead letter's partition: the prefix ends in a colon, and a semicolon is the character after it.
    /// </summary>
    public const string AfterDead = "dead;";

    /// <summary>First key of all partitions of dead letters.</summary>
    public const string FirstDead = DeadPrefix;

    /// <summary>First key of all partitions of hours.</summary>
    public const string FirstLog = LogPrefix;

    /// <summary>First key of the messages of a partition, and the first one past them.</summary>
    public const string FirstMessage = "message:";

    /// <inheritdoc cref="FirstMessage"/>
    public const string AfterMessages = "message;";

    /// <summary>The partition of what is told of one subject: messages, and how far each endpoint is.</summary>
    public static string Subject(string subject) => $"of:{TableKey.Of(subject)}";

    /// <summary>A message in the partition of its subject; keys sort as sequences do.</summary>
    public static string Message(long sequence) => string.Create(CultureInfo.InvariantCulture, $"{FirstMessage}{sequence:D10}");

    /// <summary>How far an endpoint is, in the partition of the subject.</summary>
    public static string Line(string endpoint) => $"line:{endpoint}";

    /// <summary>The partition of what is due at an endpoint; its keys sort by time.</summary>
    public static string Due(string endpoint) => $"due:{endpoint}";

    /// <summary>The partition of an endpoint's dead letters.</summary>
    public static string Dead(string endpoint) => DeadPrefix + endpoint;

    /// <summary>The partition of what was told of in one hour.</summary>
    public static string Log(DateTimeOffset at)
        => LogPrefix + at.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);

    /// <summary>Begins the key of a row that sorts by time.</summary>
    public static string Time(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>One message among others of a time or an endpoint.</summary>
    public static string Of(string subject, long sequence)
        => string.Create(CultureInfo.InvariantCulture, $"{TableKey.Of(subject)}:{sequence:D10}");
}
