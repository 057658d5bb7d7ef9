using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask;

public sealed partial class DurableTaskRegistry
{
    /// <summary>Registers an activity under a name and version, made by a factory.</summary>
    /// <param name="name">The name.</param>
    /// <param name="version">The version; the default value for unversioned.</param>
    /// <param name="factory">Makes the activity for each run.</param>
    /// <exception cref="ArgumentException">The name is the default value, or name and version are taken.</exception>
    public DurableTaskRegistry AddActivity(TaskName name, TaskVersion version, Func<ITaskActivity> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Register(ActivityFactories, name, version, _ => factory(), nameof(ITaskActivity));
    }

    /// <inheritdoc cref="AddActivity(TaskName, TaskVersion, Func{ITaskActivity})"/>
    public DurableTaskRegistry AddActivity(TaskName name, Func<IServiceProvider, ITaskActivity> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Register(ActivityFactories, name, default, factory, nameof(ITaskActivity));
    }

    /// <summary>Registers an activity class; its constructor is served from the service provider.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The class; its version comes from <see cref="DurableTaskAttribute"/>.</param>
    /// <exception cref="ArgumentException">The type is not a concrete activity class, or the name is taken.</exception>
    public DurableTaskRegistry AddActivity(TaskName name, Type type)
    {
        RequireConcrete<ITaskActivity>(type);
        return Register(ActivityFactories, name, VersionOf(type), services => (ITaskActivity)ActivatorUtilities.GetServiceOrCreateInstance(services, type), nameof(ITaskActivity));
    }

    /// <inheritdoc cref="AddActivity(TaskName, Type)"/>
    public DurableTaskRegistry AddActivity(Type type)
    {
        RequireConcrete<ITaskActivity>(type);
        return AddActivity(NameOf(type), type);
    }

    /// <inheritdoc cref="AddActivity(TaskName, Type)"/>
    /// <typeparam name="TActivity">The class.</typeparam>
    public DurableTaskRegistry AddActivity<TActivity>(TaskName name)
        where TActivity : class, ITaskActivity => AddActivity(name, typeof(TActivity));

    /// <inheritdoc cref="AddActivity(TaskName, Type)"/>
    /// <typeparam name="TActivity">The class.</typeparam>
    public DurableTaskRegistry AddActivity<TActivity>()
        where TActivity : class, ITaskActivity => AddActivity(typeof(TActivity));

    /// <summary>Registers one activity object for all runs.</summary>
    /// <param name="name">The name.</param>
    /// <param name="activity">The object.</param>
    public DurableTaskRegistry AddActivity(TaskName name, ITaskActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivity(name, VersionOf(activity.GetType()), () => activity);
    }

    /// <inheritdoc cref="AddActivity(TaskName, ITaskActivity)"/>
    public DurableTaskRegistry AddActivity(ITaskActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivity(NameOf(activity.GetType()), activity);
    }

    /// <summary>Registers a function as an activity.</summary>
    /// <typeparam name="TInput">Type of the input.</typeparam>
    /// <typeparam name="TOutput">Type of the result.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="activity">The function.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public DurableTaskRegistry AddActivityFunc<TInput, TOutput>(TaskName name, Func<TaskActivityContext, TInput, Task<TOutput>> activity) =>
        AddActivityFunc(name, default, activity);

    /// <inheritdoc cref="AddActivityFunc{TInput, TOutput}(TaskName, Func{TaskActivityContext, TInput, Task{TOutput}})"/>
    /// <param name="name">The name.</param>
    /// <param name="version">The version; the default value for unversioned.</param>
    /// <param name="activity">The function.</param>
    public DurableTaskRegistry AddActivityFunc<TInput, TOutput>(
        TaskName name, TaskVersion version, Func<TaskActivityContext, TInput, Task<TOutput>> activity)
    {
        var made = FuncTaskActivity.Create(activity);
        return AddActivity(name, version, () => made);
    }

    /// <inheritdoc cref="AddActivityFunc{TInput, TOutput}(TaskName, Func{TaskActivityContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddActivityFunc<TInput, TOutput>(TaskName name, Func<TaskActivityContext, TInput, TOutput> activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivityFunc<TInput, TOutput>(name, (context, input) => Task.FromResult(activity(context, input)));
    }

    /// <inheritdoc cref="AddActivityFunc{TInput, TOutput}(TaskName, Func{TaskActivityContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddActivityFunc<TInput>(TaskName name, Func<TaskActivityContext, TInput, Task> activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivityFunc<TInput, object?>(name, async (context, input) =>
        {
            await activity(context, input);
            return null;
        });
    }

    /// <inheritdoc cref="AddActivityFunc{TInput, TOutput}(TaskName, Func{TaskActivityContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddActivityFunc<TOutput>(TaskName name, Func<TaskActivityContext, Task<TOutput>> activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivityFunc<object?, TOutput>(name, (context, _) => activity(context));
    }

    /// <inheritdoc cref="AddActivityFunc{TInput, TOutput}(TaskName, Func{TaskActivityContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddActivityFunc(TaskName name, Func<TaskActivityContext, Task> activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivityFunc<object?, object?>(name, async (context, _) =>
        {
            await activity(context);
            return null;
        });
    }

    /// <inheritdoc cref="AddActivityFunc{TInput, TOutput}(TaskName, Func{TaskActivityContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddActivityFunc<TOutput>(TaskName name, Func<TaskActivityContext, TOutput> activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivityFunc<object?, TOutput>(name, (context, _) => Task.FromResult(activity(context)));
    }

    /// <inheritdoc cref="AddActivityFunc{TInput, TOutput}(TaskName, Func{TaskActivityContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddActivityFunc<TInput>(TaskName name, Action<TaskActivityContext, TInput> activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivityFunc<TInput, object?>(name, (context, input) =>
        {
            activity(context, input);
            return NoResult;
        });
    }

    /// <inheritdoc cref="AddActivityFunc{TInput, TOutput}(TaskName, Func{TaskActivityContext, TInput, Task{TOutput}})"/>
    public DurableTaskRegistry AddActivityFunc(TaskName name, Action<TaskActivityContext> activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivityFunc<object?, object?>(name, (context, _) =>
        {
            activity(context);
            return NoResult;
        });
    }
}
