using System.Globalization;
using NCrontab;
using OmsWorkflows.Local.FunctionsHost.Functions;

namespace OmsWorkflows.Local.FunctionsHost.Timers;

/// <summary>When a timer function runs: an NCRONTAB expression (five or six fields, UTC) or a fixed time span.</summary>
internal sealed class TimerSchedule(CrontabSchedule? crontab, TimeSpan period)
{
    /// <summary>Reads the schedule of a function; <c>%Name%</c> stands for the setting of that name.</summary>
    /// <exception cref="StartRefusedException">It cannot be read, or its setting is missing.</exception>
    public static TimerSchedule Of(Function function, IConfiguration settings)
    {
        var text = function.Trigger.Text("schedule") ?? "";
        if (text is ['%', .. var name, '%'])
        {
            text = settings[name.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } set
                ? set
                : throw new StartRefusedException($"Function '{function.Name}': its schedule is the setting '{name}', which is not set.");
        }

        // A number alone would be taken for days.
        var isSpan = text.Contains(':', StringComparison.Ordinal);
        if (isSpan && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero)
            return new(null, span);

        var sixFields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        return CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = sixFields }) is { } expression
            ? new(expression, TimeSpan.Zero)
            : throw new StartRefusedException($"Function '{function.Name}': '{text}' is neither an NCRONTAB expression nor a time span.");
    }

    /// <summary>The first occurrence after this moment (UTC).</summary>
    public DateTime Next(DateTime after) => crontab?.GetNextOccurrence(after) ?? after + period;

    /// <summary>Whether two occurrences can be less than a minute apart; then a missed one is not made up for.</summary>
    public bool IsFrequent(DateTime now)
    {
        var next = Next(now);
        return Next(next) - next < TimeSpan.FromMinutes(1);
    }
}
