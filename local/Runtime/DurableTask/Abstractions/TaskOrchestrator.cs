using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace Microsoft.DurableTask;

/// <summary>An orchestrator: decisions only, replayed from history, so it must be deterministic and do no I/O.</summary>
public interface ITaskOrchestrator
{
    /// <summary>Type the input is read as.</summary>
    Type InputType { get; }

    /// <summary>Type of the result.</summary>
    Type OutputType { get; }

    /// <summary>Runs, or replays, the orchestrator.</summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="input">The input, already read as <see cref="InputType"/>.</param>
    Task<object?> RunAsync(TaskOrchestrationContext context, object? input);
}

/// <summary>Base of an orchestrator written as a class.</summary>
/// <typeparam name="TInput">Type of the input.</typeparam>
/// <typeparam name="TOutput">Type of the result.</typeparam>
public abstract class TaskOrchestrator<TInput, TOutput> : ITaskOrchestrator
{
    Type ITaskOrchestrator.InputType => typeof(TInput);

    Type ITaskOrchestrator.OutputType => typeof(TOutput);

    async Task<object?> ITaskOrchestrator.RunAsync(TaskOrchestrationContext context, object? input)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await RunAsync(context, TaskInput.Cast<TInput>(input));
    }

    /// <summary>Runs, or replays, the orchestrator.</summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="input">The input.</param>
    public abstract Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input);
}

/// <summary>Orchestrators made of a function.</summary>
public static class FuncTaskOrchestrator
{
    /// <summary>Makes an orchestrator of a function.</summary>
    /// <typeparam name="TInput">Type of the input.</typeparam>
    /// <typeparam name="TOutput">Type of the result.</typeparam>
    /// <param name="implementation">The function.</param>
    public static TaskOrchestrator<TInput, TOutput> Create<TInput, TOutput>(
        Func<TaskOrchestrationContext, TInput, Task<TOutput>> implementation)
    {
        ArgumentNullException.ThrowIfNull(implementation);
        return new Implementation<TInput, TOutput>(implementation);
    }

    private sealed class Implementation<TInput, TOutput>(Func<TaskOrchestrationContext, TInput, Task<TOutput>> run)
        : TaskOrchestrator<TInput, TOutput>
    {
        public override Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input) => run(context, input);
    }
}
