using OmsWorkflows.Local.Runtime.Engine.Dispatch;

namespace OmsWorkflows.Local.Runtime.Tests.Engine.Simulation;

/// <summary>Runs everything on the test's thread, one thing at a time, in an order drawn from a seed.</summary>
internal sealed class SeededScheduler(Random random) : EngineScheduler
{
    private readonly Lock _gate = new();
    private readonly List<Action> _ready = [];

    public override void Turn(InstanceActor actor, Action<InstanceActor> run) => Add(() => run(actor));

    public override void Activity(Func<Task> run) => Add(() => run().IsCompleted.Should().BeTrue("a simulated activity does not wait"));

    public override void Commit(Action run) => Add(run);

    public override void Dispose()
    {
    }

    /// <summary>Runs one thing.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Step()
    {
        Action next;
        lock (_gate)
        {
            if (_ready.Count == 0)
            {
                return false;
            }

            var index = random.Next(_ready.Count);
            next = _ready[index];
            _ready.RemoveAt(index);
        }

        next();
        return true;
    }

    private void Add(Action action)
    {
        lock (_gate)
        {
            _ready.Add(action);
        }
    }
}
