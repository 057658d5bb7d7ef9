namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>What a part of the app has to be measured for.</summary>
internal interface IMeasures
{
    /// <summary>Puts beside the ended journeys what a measure acts on.</summary>
    Task PrepareAsync();

    Task MeasureAsync(ScaleCosts costs);
}

/// <summary>What was measured, by its name, in the order in which it was.</summary>
internal sealed class ScaleCosts(ScaleWorld world)
{
    private readonly Dictionary<string, ScaleCost> _costs = [];

    public ScaleCost this[string what] => _costs[what];

    public IEnumerable<KeyValuePair<string, ScaleCost>> All => _costs;

    public async Task MeasureAsync(string what, Func<Task> work)
    {
        var (requests, rows, engine) = (world.Traffic.Requests, world.Traffic.Rows, world.Engine.Reads);
        var started = TimeProvider.System.GetTimestamp();
        await work();
        _costs.Add(what, new(
            world.Traffic.Requests - requests, world.Traffic.Rows - rows, world.Engine.Reads - engine,
            (long)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds));
    }
}

/// <summary>What one of them cost: requests to the tables, rows that queries answered, reads of the engine.</summary>
internal sealed record ScaleCost(int Requests, int Rows, int Engine, long Milliseconds)
{
    public override string ToString() => $"{Requests,4} {Rows,4} {Engine,4} {Milliseconds,6} ms";
}
