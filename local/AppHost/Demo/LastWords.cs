using System.Text.RegularExpressions;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>What a program that ended said of the cause: its last lines without the stack.</summary>
internal static partial class LastWords
{
    private const int Kept = 5;

    public static IReadOnlyList<string> Of(IEnumerable<string> lines)
        => [.. lines.Select(line => Timestamp().Replace(line, "").TrimEnd()).Where(Tells).TakeLast(Kept).Select(line => line.Trim())];

    private static bool Tells(string line) => line.Length > 0 && !Frame().IsMatch(line) && !Header().IsMatch(line);

    /// <summary>Which the log of a resource begins each line with.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z? ?")]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"^\s+(at |--- )")]
    private static partial Regex Frame();

    /// <summary>The line above each entry of a console log.</summary>
    [GeneratedRegex(@"^([\d:.]+ )?(trce|dbug|info|warn|fail|crit): \S+\[\d+\]$")]
    private static partial Regex Header();
}
