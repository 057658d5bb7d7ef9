namespace OmsWorkflows.Benchmarks;

/// <summary>Mean and percentiles of measured values.</summary>
internal sealed class Percentiles
{
    private readonly double[] _sorted;

    public Percentiles(IEnumerable<double> values)
    {
        _sorted = [.. values.Order()];
        Mean = _sorted.Average();
    }

    public double Mean { get; }

    public double P50 => At(0.50);

    public double P99 => At(0.99);

    private double At(double share) => _sorted[(int)((_sorted.Length - 1) * share)];
}
