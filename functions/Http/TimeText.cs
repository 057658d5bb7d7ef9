using System.Globalization;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Http;

/// <summary>A time as callers and operators write it: ISO 8601; without an offset it is UTC.</summary>
internal static partial class TimeText
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Reads one; false when it is none, or of a year no table can hold.</summary>
    public static bool TryRead(string text, out DateTimeOffset time)
    {
        time = default;
        return TimeForm().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out time)
            && time.Year is > 1970 and < 9999;
    }

    [GeneratedRegex(
        @"\A[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TimeForm();
}
