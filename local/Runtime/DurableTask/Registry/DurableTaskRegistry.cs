namespace Microsoft.DurableTask;

/// <summary>The orchestrators and activities a host runs, by name and version.</summary>
public sealed partial class DurableTaskRegistry
{
    private static readonly Task<object?> NoResult = Task.FromResult<object?>(null);

    internal Dictionary<(TaskName Name, TaskVersion Version), Func<IServiceProvider, ITaskOrchestrator>> OrchestratorFactories { get; } = [];

    internal Dictionary<(TaskName Name, TaskVersion Version), Func<IServiceProvider, ITaskActivity>> ActivityFactories { get; } = [];

    /// <summary>The registered orchestrators.</summary>
    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskOrchestrator>>> GetOrchestrators() =>
        OrchestratorFactories.Select(entry => KeyValuePair.Create(entry.Key.Name, entry.Value));

    /// <summary>The registered activities.</summary>
    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskActivity>>> GetActivities() =>
        ActivityFactories.Select(entry => KeyValuePair.Create(entry.Key.Name, entry.Value));

    private static TaskName NameOf(Type type) =>
        Attribute.GetCustomAttribute(type, typeof(DurableTaskAttribute)) is DurableTaskAttribute { Name.Name.Length: > 0 } attribute
            ? attribute.Name
            : new TaskName(type.Name);

    private static TaskVersion VersionOf(Type type) =>
        Attribute.GetCustomAttribute(type, typeof(DurableTaskAttribute)) is DurableTaskAttribute attribute
            ? new TaskVersion(attribute.Version)
            : default;

    private static void RequireConcrete<T>(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(T).IsAssignableFrom(type) || !type.IsClass || type.IsAbstract)
        {
            throw new ArgumentException($"'{type}' is not a concrete class that implements '{typeof(T)}'.", nameof(type));
        }
    }

    private DurableTaskRegistry Register<T>(
        Dictionary<(TaskName Name, TaskVersion Version), Func<IServiceProvider, T>> factories,
        TaskName name,
        TaskVersion version,
        Func<IServiceProvider, T> factory,
        string kind)
    {
        if (name.Name is null)
        {
            throw new ArgumentException("A task needs a name.", nameof(name));
        }

        if (!factories.TryAdd((name, version), factory))
        {
            var at = version == default ? string.Empty : $" with version '{version.Version}'";
            throw new ArgumentException($"An {kind} named '{name}'{at} is already added.", nameof(name));
        }

        return this;
    }
}
