using System.Globalization;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Settings;

/// <summary>
/// A span of time as settings write it: <c>hh:mm:ss</c> or <c>d.hh:mm:ss</c>, with up to seven decimals of a second. .NET's own parser
/// reads <c>24:00:00</c> as 24 days and <c>10</c> as ten days; here both are errors.
/// </summary>
public static partial class Duration
{
    /// <summary>What a setting is told that is none.</summary>
    public const string Rule =
        "must be a duration: hh:mm:ss with less than 24 hours, or d.hh:mm:ss, such as 00:00:30, 12:00:00 or 7.00:00:00; "
        + "a day is 1.00:00:00. At most a year.";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Reads a duration; never negative, never longer than a year.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        return text is not null && Form().IsMatch(text)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration <= Longest;
    }

    [GeneratedRegex(
        @"\A([0-9]{1,3}\.)?([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,7})?\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
