using System.Collections.Concurrent;
using System.Diagnostics;

namespace OmsWorkflows.Benchmarks.Webhooks;

/// <summary>
/// Sends at a constant rate whether or not answers come, and counts each from the moment it was due: waiting in line counts too.
/// </summary>
internal static class OpenLoop
{
    /// <param name="rate">How many per second.</param>
    /// <param name="length">For how long.</param>
    /// <param name="send">Sends one, ends when it is answered, and says whether it was taken.</param>
    public static async Task<Latencies> RunAsync(int rate, TimeSpan length, Func<Task<bool>> send)
    {
        var latencies = new ConcurrentBag<double>();
        var refused = 0;
        var running = new List<Task>();
        var begin = Stopwatch.GetTimestamp();
        var total = (int)(rate * length.TotalSeconds);
        for (var number = 0; number < total; number++)
        {
            var due = TimeSpan.FromSeconds(number / (double)rate);
            // A timer is too coarse for single deliveries: those that are due together go together, each counted from its own time.
            while (due - Stopwatch.GetElapsedTime(begin) is { Ticks: > 0 } early)
                await Task.Delay(early < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : early);
            running.Add(Task.Run(async () =>
            {
                if (!await send())
                    Interlocked.Increment(ref refused);
                latencies.Add((Stopwatch.GetElapsedTime(begin) - due).TotalMilliseconds);
            }));
        }
        await Task.WhenAll(running);
        return new Latencies(latencies, refused);
    }
}
