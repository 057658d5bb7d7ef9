namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>Keeps the executions used last in memory; the others are replayed from disk when they are needed again.</summary>
internal sealed class ExecutionCache(int capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<InstanceActor> _recent = new();

    /// <summary>Notes a use.</summary>
    /// <returns>The actor whose execution has to go, if any.</returns>
    public InstanceActor? Use(InstanceActor actor)
    {
        lock (_gate)
        {
            if (actor.RecentUse is { } node)
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return null;
            }

            actor.RecentUse = _recent.AddFirst(actor);
            if (_recent.Count <= capacity)
            {
                return null;
            }

            var oldest = _recent.Last!.Value;
            Drop(oldest);
            return oldest;
        }
    }

    /// <summary>The execution is gone.</summary>
    public void Remove(InstanceActor actor)
    {
        lock (_gate)
        {
            Drop(actor);
        }
    }

    private void Drop(InstanceActor actor)
    {
        if (actor.RecentUse is { } node)
        {
            _recent.Remove(node);
            actor.RecentUse = null;
        }
    }
}
