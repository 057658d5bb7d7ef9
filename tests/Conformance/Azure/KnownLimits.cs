using Grpc.Core;

namespace OmsWorkflows.Conformance;

/// <summary>
/// What the published in-process host (0.2.3-preview.1) does otherwise than the client's documentation says. Each is a limit of that host:
/// the durable backends do not have it.
/// </summary>
internal static class KnownLimits
{
    /// <summary>Each time its few slots are full the host waits half a second.</summary>
    public static TimeSpan BulkPatience => TimeSpan.FromMinutes(15);

    /// <summary>A purge by filter without a creation time fails in the host.</summary>
    public static bool PurgeNeedsCreationTime => true;

    /// <summary>Queries bring inputs and outputs, whether they are asked for or not.</summary>
    public static bool QueriesAlwaysBringData => true;

    /// <summary>
    /// An instance without tags (a sub-orchestration, a restarted one) cannot be read before its first turn: the call fails.
    /// </summary>
    public static bool IsUnreadable(Exception failure) => failure is RpcException { StatusCode: StatusCode.Unknown };
}
