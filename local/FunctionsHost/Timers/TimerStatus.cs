using System.Collections.Concurrent;
using System.Text.Json;

namespace OmsWorkflows.Local.FunctionsHost.Timers;

/// <summary>When a timer function ran, and when it is due again (UTC); named as the worker's <c>ScheduleStatus</c> is.</summary>
internal sealed record TimerStatus(DateTime Last, DateTime Next, DateTime LastUpdated);

/// <summary>Keeps each timer's status in a file, so that an occurrence missed while the host was down is made up for.</summary>
internal sealed class TimerStatusFile(string path, ILogger logger)
{
    private readonly ConcurrentDictionary<string, TimerStatus> _all = Read(path, logger);
    private readonly Lock _writing = new();

    /// <summary>The status of a function; <see langword="null"/> if it never ran here.</summary>
    public TimerStatus? Find(string function) => _all.GetValueOrDefault(function);

    /// <summary>Notes the status of a function.</summary>
    public void Save(string function, TimerStatus status)
    {
        _all[function] = status;
        try
        {
            lock (_writing)
            {
                var next = $"{path}.next";
                File.WriteAllText(next, JsonSerializer.Serialize(new SortedDictionary<string, TimerStatus>(_all)));
                File.Move(next, path, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The timers go on; after a restart an occurrence may be made up for that has been.
            logger.StatusNotWritten(e, path);
        }
    }

    private static ConcurrentDictionary<string, TimerStatus> Read(string path, ILogger logger)
    {
        try
        {
            return new(File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, TimerStatus>>(File.ReadAllText(path)) ?? [] : []);
        }
        catch (JsonException e)
        {
            // What it holds can be made up anew: at worst one occurrence is missed.
            logger.StatusUnreadable(e, path);
            return new();
        }
    }
}
