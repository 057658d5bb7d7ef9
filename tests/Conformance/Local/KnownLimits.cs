namespace OmsWorkflows.Conformance;

/// <summary>What an engine does otherwise than the client's documentation says: nothing, here. The other flavour has a list.</summary>
internal static class KnownLimits
{
    public static TimeSpan BulkPatience => TimeSpan.FromMinutes(2);

    public static bool PurgeNeedsCreationTime => false;

    public static bool QueriesAlwaysBringData => false;

    public static bool IsUnreadable(Exception failure) => false;
}
