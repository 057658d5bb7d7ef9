using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>The conversation with one worker: questions and answers by request id, invocations by invocation id, and its logs.</summary>
internal sealed class WorkerChannel(int processId, ILoggerFactory loggers)
{
    private readonly ILogger logger = loggers.CreateLogger<WorkerChannel>();
    private readonly WorkerLogs logs = new(loggers);
    private readonly Channel<StreamingMessage> toSend = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> answers = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> invocations = new();
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WorkerProcessExitException? closed;

    /// <summary>Completes when the worker has called.</summary>
    public Task Opened => opened.Task;

    /// <summary>Talks until the stream ends or <see cref="Close"/> is called.</summary>
    public async Task ConverseAsync(IAsyncStreamReader<StreamingMessage> fromWorker, IServerStreamWriter<StreamingMessage> toWorker, CancellationToken cancellation)
    {
        opened.TrySetResult();
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
        var answer = answers[question.RequestId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(question);
        return await answer.Task.WaitAsync(cancellation);
    }

    /// <summary>Runs a function. A cancellation is passed on; the function decides what it makes of it.</summary>
    /// <exception cref="FunctionFailedException">It failed.</exception>
    /// <exception cref="WorkerProcessExitException">The worker ended meanwhile.</exception>
    public async Task<TypedData?> InvokeAsync(InvocationRequest request, CancellationToken cancellation)
    {
        var response = invocations[request.InvocationId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (closed is { } gone)
            response.TrySetException(gone);

        Send(new StreamingMessage { InvocationRequest = request });
        await using var registration = cancellation.Register(() => Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } }));
        try
        {
            var answer = await response.Task;
            return answer.Result.Status == StatusResult.Types.Status.Success ? answer.ReturnValue : throw new FunctionFailedException(answer.Result);
        }
        finally
        {
            invocations.TryRemove(request.InvocationId, out _);
        }
    }

    /// <summary>Asks the worker to end by itself.</summary>
    public void Terminate(TimeSpan grace) => Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    /// <summary>Nothing more comes from this worker: fails whatever waits for it.</summary>
    public void Close()
    {
        closed ??= new WorkerProcessExitException($"Worker {processId} ended while the function ran.");
        toSend.Writer.TryComplete();
        foreach (var (_, answer) in answers)
            answer.TrySetException(closed);
        foreach (var (_, response) in invocations)
            response.TrySetException(closed);
    }

    private void Send(StreamingMessage message) => toSend.Writer.TryWrite(message);

    private void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (invocations.TryRemove(message.InvocationResponse.InvocationId, out var response))
                    response.TrySetResult(message.InvocationResponse);
                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                logs.Write(message.RpcLog);
                break;
            default:
                if (answers.TryRemove(message.RequestId, out var answer))
                    answer.TrySetResult(message);
                break;
        }
    }

    private async Task SendAsync(IServerStreamWriter<StreamingMessage> toWorker, CancellationToken cancellation)
    {
        try
        {
            await foreach (var message in toSend.Reader.ReadAllAsync(cancellation))
                await toWorker.WriteAsync(message, cancellation);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            if (!cancellation.IsCancellationRequested)
                logger.StreamBroke(e, processId);
        }
    }
}
