using System.Collections.Concurrent;
using System.Text.Json;

namespace OmsWorkflows.Local.FunctionsHost.Timers;

/// <summary>When a timer function ran, and when it is due again; all UTC. The names are those of the worker's <c>ScheduleStatus</c>.</summary>
internal sealed record TimerStatus(DateTime Last, DateTime Next, DateTime LastUpdated);

/// <summary>Keeps each timer's status in a file, so that an occurrence missed while the host was down is made up for.</summary>
internal sealed class TimerStatusFile(string path, ILogger logger)
{
    private readonly ConcurrentDictionary<string, TimerStatus> all = Read(path, logger);
    private readonly Lock writing = new();

    /// <summary>The status of a function; <see langword="null"/> if it never ran here.</summary>
    public TimerStatus? Find(string function) => all.GetValueOrDefault(function);

    /// <summary>Notes the status of a function.</summary>
    public void Save(string function, TimerStatus status)
    {
        all[function] = status;
        lock (writing)
        {
            var next = $"{path}.next";
            File.WriteAllText(next, JsonSerializer.Serialize(new SortedDictionary<string, TimerStatus>(all)));
            File.Move(next, path, overwrite: true);
        }
    }

    private static ConcurrentDictionary<string, TimerStatus> Read(string path, ILogger logger)
    {
        try
        {
            return File.Exists(path) ? new(JsonSerializer.Deserialize<Dictionary<string, TimerStatus>>(File.ReadAllText(path)) ?? []) : new();
        }
        catch (JsonException e)
        {
            // What it holds can be made up anew: at worst one occurrence is missed.
            logger.StatusUnreadable(e, path);
            return new();
        }
    }
}
