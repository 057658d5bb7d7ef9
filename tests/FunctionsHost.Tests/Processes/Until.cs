namespace OmsWorkflows.FunctionsHost.Tests.Processes;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Until
{
    /// <summary>Far beyond what anything takes on a slow and busy machine: it costs time only where something never comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Task TrueAsync(string what, Func<bool> condition) => TrueAsync(what, () => Task.FromResult(condition()));

    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"After {Patience.TotalSeconds} s it is still not true that {what}.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
