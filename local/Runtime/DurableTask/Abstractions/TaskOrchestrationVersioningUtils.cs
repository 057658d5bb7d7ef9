namespace Microsoft.DurableTask.Abstractions;

/// <summary>Comparison of orchestration versions.</summary>
public static class TaskOrchestrationVersioningUtils
{
    /// <summary>Compares two versions; by numbers if both are such versions, else as text without regard to case.</summary>
    /// <param name="sourceVersion">The one.</param>
    /// <param name="otherVersion">The other.</param>
    /// <returns>Negative when the one is older, 0 when the same, positive when newer. Unversioned is older than any version.</returns>
    public static int CompareVersions(string sourceVersion, string otherVersion)
    {
        var hasSource = !string.IsNullOrWhiteSpace(sourceVersion);
        var hasOther = !string.IsNullOrWhiteSpace(otherVersion);
        if (!hasSource || !hasOther)
        {
            return hasSource.CompareTo(hasOther);
        }

        return System.Version.TryParse(sourceVersion, out var source) && System.Version.TryParse(otherVersion, out var other)
            ? source.CompareTo(other)
            : string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
    }
}
