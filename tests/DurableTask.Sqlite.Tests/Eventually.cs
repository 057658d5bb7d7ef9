using System.Diagnostics;

namespace DurableTask.Sqlite.Tests;

/// <summary>Waits for a condition, with a time-out that fails the test.</summary>
internal static class Eventually
{
    /// <summary>Far beyond what anything takes on a slow and busy machine: it costs time only where something never comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task TrueAsync(Func<Task<bool>> condition, string because = "the condition should come true")
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"After {Patience} still waiting: {because}.");
            }

            await Task.Yield();
            await Task.Delay(1);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string because = "the condition should come true")
        => TrueAsync(() => Task.FromResult(condition()), because);
}
