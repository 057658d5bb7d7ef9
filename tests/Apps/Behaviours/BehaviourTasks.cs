using System.Reflection;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Conformance;

namespace OmsWorkflows.BehavioursApp;

/// <summary>
/// The tasks of all behaviours. A worker tells its functions once, and most behaviours call theirs "Main": so there is one function for
/// each name, and what it does is the affair of the behaviour that runs now.
/// </summary>
public sealed class BehaviourTasks
{
    private static readonly IServiceProvider NoServices = new ServiceCollection().BuildServiceProvider();

    private readonly Dictionary<string, Tasks> _all = Behaviour.ThroughHost.ToDictionary(each => each.Key, each => Tasks.Of(each.Value));
    private volatile Tasks? _current;

    /// <summary>The tasks of the behaviour that runs now.</summary>
    public Tasks Current => _current ?? throw new InvalidOperationException("No behaviour was chosen.");

    /// <summary>The names of all activities.</summary>
    public IEnumerable<string> ActivityNames
        => _all.Values.SelectMany(tasks => tasks.Activities.Keys).Distinct().Select(name => name.Name);

    /// <summary>Whether there is a behaviour of this name, whose tasks are run from now on.</summary>
    public bool Choose(string behaviour)
    {
        if (!_all.TryGetValue(behaviour, out var tasks))
            return false;

        _current = tasks;
        return true;
    }

    /// <summary>Registers one orchestrator for each name.</summary>
    public void RegisterOrchestrators(DurableTaskRegistry registry)
    {
        foreach (var name in _all.Values.SelectMany(tasks => tasks.Orchestrators.Keys).Distinct())
            registry.AddOrchestrator(name, () => Current.Orchestrators[name](NoServices));
    }

    /// <summary>What a behaviour registers.</summary>
    public sealed record Tasks(
        Dictionary<TaskName, Func<IServiceProvider, ITaskOrchestrator>> Orchestrators,
        Dictionary<TaskName, Func<IServiceProvider, ITaskActivity>> Activities)
    {
        public static Tasks Of(Behaviour behaviour)
        {
            var registry = behaviour.Tasks();
            return new(
                Read<Func<IServiceProvider, ITaskOrchestrator>>(registry, "Orchestrators"),
                Read<Func<IServiceProvider, ITaskActivity>>(registry, "Activities"));
        }

        // Only the worker may ask a registry for what it holds.
        private static Dictionary<TaskName, T> Read<T>(DurableTaskRegistry registry, string property)
        {
            var all = typeof(DurableTaskRegistry).GetProperty(property, BindingFlags.Instance | BindingFlags.NonPublic)!;
            return new Dictionary<TaskName, T>((IEnumerable<KeyValuePair<TaskName, T>>)all.GetValue(registry)!);
        }
    }
}
