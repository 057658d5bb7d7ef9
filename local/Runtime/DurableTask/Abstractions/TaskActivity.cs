using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace Microsoft.DurableTask;

/// <summary>An activity: the place for I/O. It runs at least once per call, possibly more often after a crash.</summary>
public interface ITaskActivity
{
    /// <summary>Type the input is read as.</summary>
    Type InputType { get; }

    /// <summary>Type of the result.</summary>
    Type OutputType { get; }

    /// <summary>Runs the activity.</summary>
    /// <param name="context">The call.</param>
    /// <param name="input">The input, already read as <see cref="InputType"/>.</param>
    Task<object?> RunAsync(TaskActivityContext context, object? input);
}

/// <summary>Base of an activity written as a class.</summary>
/// <typeparam name="TInput">Type of the input.</typeparam>
/// <typeparam name="TOutput">Type of the result.</typeparam>
public abstract class TaskActivity<TInput, TOutput> : ITaskActivity
{
    Type ITaskActivity.InputType => typeof(TInput);

    Type ITaskActivity.OutputType => typeof(TOutput);

    async Task<object?> ITaskActivity.RunAsync(TaskActivityContext context, object? input)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await RunAsync(context, TaskInput.Cast<TInput>(input)).ConfigureAwait(false);
    }

    /// <summary>Runs the activity.</summary>
    /// <param name="context">The call.</param>
    /// <param name="input">The input.</param>
    public abstract Task<TOutput> RunAsync(TaskActivityContext context, TInput input);
}

/// <summary>What an activity may know of its call.</summary>
public abstract class TaskActivityContext
{
    /// <summary>Name the activity was called by.</summary>
    public abstract TaskName Name { get; }

    /// <summary>Id of the orchestration that made the call.</summary>
    public abstract string InstanceId { get; }

    /// <summary>Version the activity was called at; empty when unversioned.</summary>
    public virtual string Version => string.Empty;
}

/// <summary>Activities made of a function.</summary>
public static class FuncTaskActivity
{
    /// <summary>Makes an activity of a function.</summary>
    /// <typeparam name="TInput">Type of the input.</typeparam>
    /// <typeparam name="TOutput">Type of the result.</typeparam>
    /// <param name="implementation">The function.</param>
    public static TaskActivity<TInput, TOutput> Create<TInput, TOutput>(Func<TaskActivityContext, TInput, Task<TOutput>> implementation)
    {
        ArgumentNullException.ThrowIfNull(implementation);
        return new Implementation<TInput, TOutput>(implementation);
    }

    private sealed class Implementation<TInput, TOutput>(Func<TaskActivityContext, TInput, Task<TOutput>> run) : TaskActivity<TInput, TOutput>
    {
        public override Task<TOutput> RunAsync(TaskActivityContext context, TInput input) => run(context, input);
    }
}
