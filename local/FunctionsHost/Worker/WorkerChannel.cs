using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>The conversation with one worker: questions and answers by request id, invocations by invocation id, and its logs.</summary>
internal sealed class WorkerChannel(int processId, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<WorkerChannel>();
    private readonly WorkerLogs _logs = new(loggers);
    private readonly Channel<StreamingMessage> _toSend =
        Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _answers = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _invocations = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WorkerProcessExitException? _closed;

    /// <summary>Completes when the worker has called.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Talks until the stream ends or <see cref="Close"/> is called.</summary>
    public async Task ConverseAsync(
        IAsyncStreamReader<StreamingMessage> fromWorker, IServerStreamWriter<StreamingMessage> toWorker, CancellationToken cancellation)
    {
        _opened.TrySetResult();
        var sending = SendAsync(toWorker, cancellation);
        try
        {
            while (await fromWorker.MoveNext(cancellation))
                Receive(fromWorker.Current);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // A worker that was killed leaves the stream as it is; why it ended is told where its process is watched.
        }
        finally
        {
            Close();
            await sending;
        }
    }

    /// <summary>Asks, and waits for the answer.</summary>
    public async Task<StreamingMessage> AskAsync(StreamingMessage question, CancellationToken cancellation)
    {
        question.RequestId = Guid.NewGuid().ToString();
        var answer = _answers[question.RequestId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(question);
        return await answer.Task.WaitAsync(cancellation);
    }

    /// <summary>Runs a function. A cancellation is passed on; the function decides what it makes of it.</summary>
    /// <exception cref="FunctionFailedException">It failed.</exception>
    /// <exception cref="WorkerProcessExitException">The worker ended meanwhile.</exception>
    public async Task<TypedData?> InvokeAsync(InvocationRequest request, CancellationToken cancellation)
    {
        var response = _invocations[request.InvocationId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_closed is { } gone)
            response.TrySetException(gone);

        Send(new StreamingMessage { InvocationRequest = request });
        var cancel = new InvocationCancel { InvocationId = request.InvocationId };
        await using var registration = cancellation.Register(() => Send(new StreamingMessage { InvocationCancel = cancel }));
        try
        {
            var answer = await response.Task;
            return answer.Result.Status == StatusResult.Types.Status.Success
                ? answer.ReturnValue
                : throw new FunctionFailedException(answer.Result);
        }
        finally
        {
            _invocations.TryRemove(request.InvocationId, out _);
        }
    }

    /// <summary>Asks the worker to end by itself.</summary>
    public void Terminate(TimeSpan grace)
        => Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    /// <summary>Nothing more comes from this worker: fails whatever waits for it.</summary>
    public void Close()
    {
        _closed ??= new WorkerProcessExitException($"Worker {processId} ended while the function ran.");
        _toSend.Writer.TryComplete();
        foreach (var (_, answer) in _answers)
            answer.TrySetException(_closed);
        foreach (var (_, response) in _invocations)
            response.TrySetException(_closed);
    }

    private void Send(StreamingMessage message) => _toSend.Writer.TryWrite(message);

    private void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (_invocations.TryRemove(message.InvocationResponse.InvocationId, out var response))
                    response.TrySetResult(message.InvocationResponse);
                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                _logs.Write(message.RpcLog);
                break;
            default:
                if (_answers.TryRemove(message.RequestId, out var answer))
                    answer.TrySetResult(message);
                break;
        }
    }

    private async Task SendAsync(IServerStreamWriter<StreamingMessage> toWorker, CancellationToken cancellation)
    {
        try
        {
            await foreach (var message in _toSend.Reader.ReadAllAsync(cancellation))
                await toWorker.WriteAsync(message, cancellation);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            if (!cancellation.IsCancellationRequested)
                _logger.StreamBroke(e, processId);
        }
    }
}
