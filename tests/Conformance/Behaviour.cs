using System.Reflection;

namespace OmsWorkflows.Conformance;

/// <summary>
/// Marks a behaviour that is also run over a Functions host and the published worker (tests/FunctionsHost.Tests). There the tasks live in
/// another process and time does not skip: it must not look at what its tasks leave in memory, and its instances need ids of their own.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ThroughHostAttribute : Attribute;

/// <summary>A test of this suite that can be run over another engine than the one in its own process.</summary>
/// <param name="Name">Class and method.</param>
/// <param name="Method">The test.</param>
public sealed record Behaviour(string Name, MethodInfo Method)
{
    private static readonly AsyncLocal<Func<Action<DurableTaskRegistry>, DurableTaskClient>?> Other = new();

    /// <summary>Those marked <see cref="ThroughHostAttribute"/>, by name.</summary>
    public static IReadOnlyDictionary<string, Behaviour> ThroughHost { get; } = typeof(Behaviour).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.IsDefined(typeof(ThroughHostAttribute)))
        .Select(method => new Behaviour($"{method.DeclaringType!.Name}.{method.Name}", method))
        .ToDictionary(behaviour => behaviour.Name);

    /// <summary>What takes the engine's place where a test runs now; <see langword="null"/> if nothing does.</summary>
    internal static Func<Action<DurableTaskRegistry>, DurableTaskClient>? OtherEngine => Other.Value;

    /// <summary>Runs the test over what this client talks to.</summary>
    public Task RunAsync(DurableTaskClient client) => RunAsync(_ => client);

    /// <summary>The orchestrators and activities of the test.</summary>
    public DurableTaskRegistry Tasks()
    {
        var registry = new DurableTaskRegistry();
        var running = RunAsync(tasks =>
        {
            tasks(registry);
            throw new TasksAreKnownException();
        });
        return running.Exception?.InnerException is TasksAreKnownException
            ? registry
            : throw new InvalidOperationException($"{Name} does more before it starts its engine.", running.Exception);
    }

    private async Task RunAsync(Func<Action<DurableTaskRegistry>, DurableTaskClient> engine)
    {
        Other.Value = engine;
        await (Task)Method.Invoke(Activator.CreateInstance(Method.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, null, null)!;
    }

    private sealed class TasksAreKnownException : Exception;
}
