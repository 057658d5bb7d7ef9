using System.Diagnostics;

namespace DurableTask.Sqlite.Tests;

/// <summary>Waits for a condition, with a time-out that fails the test.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, int seconds = 30, string because = "the condition should come true")
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(seconds))
            {
                throw new TimeoutException($"After {seconds} s still waiting: {because}.");
            }

            await Task.Yield();
            await Task.Delay(1);
        }
    }

    public static Task TrueAsync(Func<bool> condition, int seconds = 30, string because = "the condition should come true")
        => TrueAsync(() => Task.FromResult(condition()), seconds, because);
}
