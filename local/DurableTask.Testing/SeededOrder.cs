using DurableTask.Sqlite;

namespace DurableTask.Testing;

/// <summary>Lets one piece of work run at a time, and draws which.</summary>
internal sealed class SeededOrder(int seed) : IWorkGate
{
    private readonly Random _random = new(seed);

    public int Choose(IReadOnlyList<ReadyWork> ready, int handedOut)
    {
        if (handedOut > 0)
            return -1;

        // Which became ready first can differ from run to run; names do not.
        var ordered = ready.Index().OrderBy(each => each.Item.InstanceId, StringComparer.Ordinal).ThenBy(each => each.Item.TaskId).ToList();
        return ordered[_random.Next(ordered.Count)].Index;
    }
}
