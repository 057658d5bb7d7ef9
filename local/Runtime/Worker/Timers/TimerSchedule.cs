using System.Globalization;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace OmsWorkflows.Local.Runtime.Worker.Timers;

/// <summary>When a timer function runs: an NCRONTAB expression (five or six fields, UTC) or a fixed time span.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule? _crontab;
    private readonly TimeSpan _period;

    private TimerSchedule(CrontabSchedule? crontab, TimeSpan period)
    {
        _crontab = crontab;
        _period = period;
    }

    /// <summary>Reads a schedule; <c>%Name%</c> stands for the setting of that name.</summary>
    /// <exception cref="InvalidOperationException">The schedule cannot be read or its setting is missing.</exception>
    public static TimerSchedule Parse(string function, string text, IConfiguration configuration)
    {
        if (text is ['%', .. var name, '%'])
        {
            text = configuration[name.Replace("__", ":", StringComparison.Ordinal)]
                ?? throw FunctionCatalog.Refuse(function, $"its schedule is the setting '{name}', which is not set");
        }

        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var period) && period > TimeSpan.Zero)
            return new(null, period);

        var sixFields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        return CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = sixFields }) is { } crontab
            ? new(crontab, TimeSpan.Zero)
            : throw FunctionCatalog.Refuse(function, $"'{text}' is neither an NCRONTAB expression nor a time span");
    }

    /// <summary>The first occurrence after <paramref name="now"/> (UTC).</summary>
    public DateTime Next(DateTime now) => _crontab?.GetNextOccurrence(now) ?? now + _period;
}
