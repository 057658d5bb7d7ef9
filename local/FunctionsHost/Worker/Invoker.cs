using System.Diagnostics;
using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>
/// Runs functions on the worker that is there, or waits for the next one. When the host stops, what runs may end, and nothing new begins.
/// </summary>
internal sealed class Invoker(WorkerKeeper keeper, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _draining;

    /// <summary>Runs a function.</summary>
    /// <exception cref="FunctionFailedException">It failed.</exception>
    /// <exception cref="WorkerProcessExitException">The worker ended meanwhile.</exception>
    public Task<TypedData?> InvokeAsync(Function function, InvocationRequest request, CancellationToken cancellation)
        => RunAsync(worker => worker.InvokeAsync(function.Name, request, cancellation), cancellation);

    /// <summary>Does something with the current worker that counts as a running invocation.</summary>
    public async Task<T> RunAsync<T>(Func<ReadyWorker, Task<T>> work, CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        try
        {
            return await work(await keeper.CurrentAsync(cancellation));
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Lets nothing new begin and waits until all that runs has ended, or <paramref name="grace"/> is over.</summary>
    public async Task DrainAsync(TimeSpan grace)
    {
        lock (_gate)
        {
            _draining = true;
            if (_running == 0)
                return;
        }

        await Task.WhenAny(_drained.Task, Task.Delay(grace, clock));
    }

    /// <summary>What the worker is told of an invocation.</summary>
    /// <param name="function">Which one.</param>
    /// <param name="trigger">What its trigger brought.</param>
    /// <param name="durableClient">For its parameters that take a durable client.</param>
    /// <param name="metadata">What else the trigger knows; other parameters of the function are filled from it by name.</param>
    public static InvocationRequest Request(
        Function function, TypedData trigger, string durableClient, params IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var activity = Activity.Current;
        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            TraceContext = new RpcTraceContext { TraceParent = activity?.Id ?? "", TraceState = activity?.TraceStateString ?? "" },
        };
        request.InputData.Add(new ParameterBinding { Name = function.Trigger.Name, Data = trigger });
        foreach (var name in function.DurableClients)
            request.InputData.Add(new ParameterBinding { Name = name, Data = new TypedData { String = durableClient } });

        foreach (var (name, value) in metadata)
            request.TriggerMetadata[name] = new TypedData { String = value };

        return request;
    }

    private async Task EnterAsync(CancellationToken cancellation)
    {
        bool mayRun;
        lock (_gate)
        {
            mayRun = !_draining;
            if (mayRun)
                _running++;
        }

        // Whoever asks is stopped a moment later; until then it waits.
        if (!mayRun)
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellation);
    }

    private void Leave()
    {
        lock (_gate)
        {
            _running--;
            if (_draining && _running == 0)
                _drained.TrySetResult();
        }
    }
}
