using DurableTask.Core;

namespace DurableTask.Sqlite.Tests;

/// <summary>An orchestration made of a function. It sees external events as an awaitable queue.</summary>
internal sealed class Flow(Func<OrchestrationContext, string, Task<string>> run) : TaskOrchestration<string, string, string, string>
{
    private readonly Dictionary<string, Queue<string>> _events = [];
    private readonly Dictionary<string, Queue<TaskCompletionSource<string>>> _waits = [];

    [ThreadStatic]
    private static Flow? s_current;

    /// <summary>Where it is, for clients to see.</summary>
    public string Status { get; set; } = string.Empty;

    public override string GetStatus() => Status;

    public override Task<string> RunTask(OrchestrationContext context, string input)
    {
        s_current = this;
        return run(context, input);
    }

    public override void OnEvent(OrchestrationContext context, string name, string input)
    {
        if (_waits.TryGetValue(name, out var waits) && waits.TryDequeue(out var wait))
        {
            wait.SetResult(input);
            return;
        }

        if (!_events.TryGetValue(name, out var events))
        {
            _events[name] = events = new Queue<string>();
        }

        events.Enqueue(input);
    }

    /// <summary>Takes hold of the orchestration that begins to run; called before its first await.</summary>
    public static Flow Current => s_current!;

    public Task<string> EventAsync(string name)
    {
        if (_events.TryGetValue(name, out var events) && events.TryDequeue(out var input))
        {
            return Task.FromResult(input);
        }

        if (!_waits.TryGetValue(name, out var waits))
        {
            _waits[name] = waits = new Queue<TaskCompletionSource<string>>();
        }

        var wait = new TaskCompletionSource<string>();
        waits.Enqueue(wait);
        return wait.Task;
    }
}

/// <summary>An activity made of a function.</summary>
internal sealed class Step(Func<string, Task<string>> run) : AsyncTaskActivity<string, string>
{
    protected override Task<string> ExecuteAsync(TaskContext context, string input) => run(input);
}
