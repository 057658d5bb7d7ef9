namespace OmsWorkflows.Benchmarks.Webhooks;

/// <summary>Durations in milliseconds, and how many of what they measured were refused.</summary>
internal sealed class Latencies(IEnumerable<double> milliseconds, int refused)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    public int Count => _sorted.Length;

    public int Refused => refused;

    /// <summary>The duration that <paramref name="percent"/> of all do not exceed.</summary>
    public double At(double percent) => _sorted[Math.Clamp((int)Math.Ceiling(_sorted.Length * percent / 100) - 1, 0, _sorted.Length - 1)];
}
