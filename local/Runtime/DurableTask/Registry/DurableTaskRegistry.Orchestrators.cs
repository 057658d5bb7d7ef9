namespace Microsoft.DurableTask;

public sealed partial class DurableTaskRegistry
{
    /// <summary>Registers an orchestrator under a name and version, made by a factory.</summary>
    /// <param name="name">The name.</param>
    /// <param name="version">The version; the default value for unversioned.</param>
    /// <param name="factory">Makes the orchestrator for each run.</param>
    /// <exception cref="ArgumentException">The name is the default value, or name and version are taken.</exception>
    public DurableTaskRegistry AddOrchestrator(TaskName name, TaskVersion version, Func<ITaskOrchestrator> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Register(OrchestratorFactories, name, version, _ => factory(), nameof(ITaskOrchestrator));
    }

    /// <inheritdoc cref="AddOrchestrator(TaskName, TaskVersion, Func{ITaskOrchestrator})"/>
    public DurableTaskRegistry AddOrchestrator(TaskName name, Func<ITaskOrchestrator> factory) => AddOrchestrator(name, default, factory);

    /// <summary>Registers an orchestrator class; it needs a constructor without parameters.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The class; its version comes from <see cref="DurableTaskAttribute"/>.</param>
    /// <exception cref="ArgumentException">The type is not a concrete orchestrator class, or the name is taken.</exception>
    public DurableTaskRegistry AddOrchestrator(TaskName name, Type type)
    {
        RequireConcrete<ITaskOrchestrator>(type);
        return Register(OrchestratorFactories, name, VersionOf(type), _ => (ITaskOrchestrator)Activator.CreateInstance(type)!, nameof(ITaskOrchestrator));
    }

    /// <inheritdoc cref="AddOrchestrator(TaskName, Type)"/>
    public DurableTaskRegistry AddOrchestrator(Type type)
    {
        RequireConcrete<ITaskOrchestrator>(type);
        return AddOrchestrator(NameOf(type), type);
    }

    /// <inheritdoc cref="AddOrchestrator(TaskName, Type)"/>
    /// <typeparam name="TOrchestrator">The class.</typeparam>
    public DurableTaskRegistry AddOrchestrator<TOrchestrator>(TaskName name)
        where TOrchestrator : class, ITaskOrchestrator => AddOrchestrator(name, typeof(TOrchestrator));

    /// <inheritdoc cref="AddOrchestrator(TaskName, Type)"/>
    /// <typeparam name="TOrchestrator">The class.</typeparam>
    public DurableTaskRegistry AddOrchestrator<TOrchestrator>()
        where TOrchestrator : class, ITaskOrchestrator => AddOrchestrator(typeof(TOrchestrator));

    /// <summary>Registers one orchestrator object for all runs.</summary>
    /// <param name="name">The name.</param>
    /// <param name="orchestrator">The object.</param>
    public DurableTaskRegistry AddOrchestrator(TaskName name, ITaskOrchestrator orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestrator(name, VersionOf(orchestrator.GetType()), () => orchestrator);
    }

    /// <inheritdoc cref="AddOrchestrator(TaskName, ITaskOrchestrator)"/>
    public DurableTaskRegistry AddOrchestrator(ITaskOrchestrator orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestrator(NameOf(orchestrator.GetType()), orchestrator);
    }

    /// <summary>Registers a function as an orchestrator.</summary>
    /// <typeparam name="TInput">Type of the input.</typeparam>
    /// <typeparam name="TOutput">Type of the result.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="orchestrator">The function.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public DurableTaskRegistry AddOrchestratorFunc<TInput, TOutput>(TaskName name, Func<TaskOrchestrationContext, TInput, Task<TOutput>> orchestrator) =>
        AddOrchestratorFunc(name, default, orchestrator);

    /// <inheritdoc cref="AddOrchestratorFunc{TInput, TOutput}(TaskName, Func{TaskOrchestrationContext, TInput, Task{TOutput}})"/>
    /// <param name="name">The name.</param>
    /// <param name="version">The version; the default value for unversioned.</param>
    /// <param name="orchestrator">The function.</param>
    public DurableTaskRegistry AddOrchestratorFunc<TInput, TOutput>(
        TaskName name, TaskVersion version, Func<TaskOrchestrationContext, TInput, Task<TOutput>> orchestrator)
    {
        var made = FuncTaskOrchestrator.Create(orchestrator);
        return AddOrchestrator(name, version, () => made);
    }

    /// <inheritdoc cref="AddOrchestratorFunc{TInput, TOutput}(TaskName, Func{TaskOrchestrationContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddOrchestratorFunc<TInput, TOutput>(TaskName name, Func<TaskOrchestrationContext, TInput, TOutput> orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestratorFunc<TInput, TOutput>(name, (context, input) => Task.FromResult(orchestrator(context, input)));
    }

    /// <inheritdoc cref="AddOrchestratorFunc{TInput, TOutput}(TaskName, Func{TaskOrchestrationContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddOrchestratorFunc<TInput>(TaskName name, Func<TaskOrchestrationContext, TInput, Task> orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestratorFunc<TInput, object?>(name, async (context, input) =>
        {
            await orchestrator(context, input);
            return null;
        });
    }

    /// <inheritdoc cref="AddOrchestratorFunc{TInput, TOutput}(TaskName, Func{TaskOrchestrationContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddOrchestratorFunc<TOutput>(TaskName name, Func<TaskOrchestrationContext, Task<TOutput>> orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestratorFunc<object?, TOutput>(name, (context, _) => orchestrator(context));
    }

    /// <inheritdoc cref="AddOrchestratorFunc{TInput, TOutput}(TaskName, Func{TaskOrchestrationContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddOrchestratorFunc(TaskName name, Func<TaskOrchestrationContext, Task> orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestratorFunc<object?, object?>(name, async (context, _) =>
        {
            await orchestrator(context);
            return null;
        });
    }

    /// <inheritdoc cref="AddOrchestratorFunc{TInput, TOutput}(TaskName, Func{TaskOrchestrationContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddOrchestratorFunc<TOutput>(TaskName name, Func<TaskOrchestrationContext, TOutput> orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestratorFunc<object?, TOutput>(name, (context, _) => Task.FromResult(orchestrator(context)));
    }

    /// <inheritdoc cref="AddOrchestratorFunc{TInput, TOutput}(TaskName, Func{TaskOrchestrationContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddOrchestratorFunc<TInput>(TaskName name, Action<TaskOrchestrationContext, TInput> orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestratorFunc<TInput, object?>(name, (context, input) =>
        {
            orchestrator(context, input);
            return NoResult;
        });
    }

    /// <inheritdoc cref="AddOrchestratorFunc{TInput, TOutput}(TaskName, Func{TaskOrchestrationContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddOrchestratorFunc(TaskName name, Action<TaskOrchestrationContext> orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestratorFunc<object?, object?>(name, (context, _) =>
        {
            orchestrator(context);
            return NoResult;
        });
    }
}
