using System.Net;

namespace OmsWorkflows.Local.FunctionsHost.Keys;

/// <summary>What is logged about keys; ids 7200 and up.</summary>
internal static partial class Log
{
    [LoggerMessage(
        7200,
        LogLevel.Warning,
        "{Method} {Path} came with a wrong key from {Address}, number {Total} since the start. "
        + "Those that follow are counted, and told of when none came for {Quiet}.")]
    public static partial void WrongKey(
        this ILogger logger, string method, PathString path, IPAddress? address, long total, TimeSpan quiet);
}
