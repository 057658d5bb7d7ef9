using Microsoft.DurableTask;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>
/// Finds what was registered. The exact version wins; an unversioned registration serves any version, unless the name has versioned
/// registrations too.
/// </summary>
internal sealed class TaskCatalog(DurableTaskRegistry registry)
{
    private readonly HashSet<TaskName> _versionedOrchestrators =
        [.. registry.OrchestratorFactories.Keys.Where(key => key.Version != default).Select(key => key.Name)];

    private readonly HashSet<TaskName> _versionedActivities =
        [.. registry.ActivityFactories.Keys.Where(key => key.Version != default).Select(key => key.Name)];

    public Func<IServiceProvider, ITaskOrchestrator>? FindOrchestrator(string name, string version) =>
        Find(registry.OrchestratorFactories, _versionedOrchestrators, name, version);

    public Func<IServiceProvider, ITaskActivity>? FindActivity(string name, string version) =>
        Find(registry.ActivityFactories, _versionedActivities, name, version);

    private static Func<IServiceProvider, T>? Find<T>(
        Dictionary<(TaskName Name, TaskVersion Version), Func<IServiceProvider, T>> factories,
        HashSet<TaskName> versioned,
        string name,
        string version)
    {
        var taskName = new TaskName(name);
        var taskVersion = string.IsNullOrWhiteSpace(version) ? default : new TaskVersion(version);
        if (factories.TryGetValue((taskName, taskVersion), out var exact))
        {
            return exact;
        }

        return taskVersion != default && !versioned.Contains(taskName) && factories.TryGetValue((taskName, default), out var any) ? any : null;
    }
}
