using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>Keeps one worker running: starts the next when one ends, with growing pauses if they keep ending; stops the last.</summary>
internal sealed class WorkerKeeper(
    WorkerConfig config,
    string appFolder,
    IReadOnlyDictionary<string, string> environment,
    RpcServer server,
    TimeProvider clock,
    ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LivedLong = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = loggers.CreateLogger<WorkerKeeper>();
    private readonly ILogger _console = loggers.CreateLogger("Worker.Console");
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource<ReadyWorker> _current = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RunningWorker? _running;
    private Task _keeping = Task.CompletedTask;

    /// <summary>Starts the first worker and goes on keeping one.</summary>
    /// <exception cref="StartRefusedException">The first worker did not get ready: nobody would know what to restart.</exception>
    public async Task<ReadyWorker> StartAsync(CancellationToken cancellation)
    {
        var worker = Start();
        try
        {
            var ready = await PrepareAsync(worker, cancellation);
            _keeping = KeepAsync(worker);
            return ready;
        }
        catch (Exception e) when (e is WorkerProcessExitException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new StartRefusedException($"The app in {appFolder} {await WhyAsync(worker)}", e);
        }
    }

    /// <summary>The worker that runs now, or the next one if it is about to start.</summary>
    public Task<ReadyWorker> CurrentAsync(CancellationToken cancellation) => _current.Task.WaitAsync(cancellation);

    /// <summary>Asks the worker to end and kills it when it does not.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await _stopping.CancelAsync();
        if (_running is { } worker)
        {
            worker.Channel.Terminate(grace);
            await EndAsync(worker.Process, grace);
        }

        await _keeping;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _stopping.Dispose();
    }

    private RunningWorker Start()
    {
        var connection = new WorkerConnection(server.Uri, Guid.NewGuid().ToString());
        var process = WorkerProcess.Start(config, appFolder, environment, connection, _console);
        var channel = new WorkerChannel(process.Id, loggers);
        // A process needs far longer to call than this line to be reached.
        server.Expect(connection.WorkerId, async (fromWorker, toWorker, closed) =>
        {
            await channel.ConverseAsync(fromWorker, toWorker, closed);
            await EndAsync(process, EndsWithin);
        });
        return _running = new RunningWorker(process, channel, connection.WorkerId, clock.GetTimestamp());
    }

    private async Task<ReadyWorker> PrepareAsync(RunningWorker worker, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReadyWithin);
        var ended = CloseAtExitAsync(worker);
        var preparing = ReadyWorker.PrepareAsync(worker.Channel, appFolder, clock, limit.Token);
        if (await Task.WhenAny(preparing, ended) == ended)
            throw new WorkerProcessExitException($"Worker {worker.Process.Id} ended before it was ready.");

        var ready = await preparing;
        _current.TrySetResult(ready);
        _logger.WorkerReady(worker.Process.Id, ready.Metadata.Count);
        return ready;
    }

    private static async Task CloseAtExitAsync(RunningWorker worker)
    {
        await worker.Process.Exited;
        worker.Channel.Close();
    }

    private async Task KeepAsync(RunningWorker worker)
    {
        var failures = 0;
        while (true)
        {
            var exitCode = await worker.Process.Exited;
            _current = _current.Task.IsCompleted ? new(TaskCreationOptions.RunContinuationsAsynchronously) : _current;
            server.Forget(worker.Id);
            if (_stopping.IsCancellationRequested)
                return;

            failures = clock.GetElapsedTime(worker.Started) > LivedLong ? 1 : failures + 1;
            var pause = Pause(failures);
            _logger.WorkerEnded(worker.Process.Id, exitCode, pause);
            await Task.WhenAny(Task.Delay(pause, clock, _stopping.Token));
            if (_stopping.IsCancellationRequested)
                return;

            worker = Start();
            try
            {
                await PrepareAsync(worker, _stopping.Token);
            }
            catch (Exception e) when (e is StartRefusedException or WorkerProcessExitException or OperationCanceledException)
            {
                if (!_stopping.IsCancellationRequested)
                    _logger.WorkerNotReady(e, worker.Process.Id);

                worker.Process.Kill();
            }
        }
    }

    /// <summary>The first restart comes at once; then the pauses double.</summary>
    private static TimeSpan Pause(int failures)
    {
        var pause = failures > 1 ? FirstPause * Math.Pow(2, Math.Min(failures - 2, 10)) : TimeSpan.Zero;
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>A worker that no longer talks has to end; one that does not is killed.</summary>
    private async Task EndAsync(WorkerProcess process, TimeSpan grace)
    {
        try
        {
            await process.Exited.WaitAsync(grace, clock);
        }
        catch (TimeoutException)
        {
            if (grace > TimeSpan.Zero)
                _logger.WorkerKilled(process.Id, grace);

            process.Kill();
            await process.Exited;
        }
    }

    private static async Task<string> WhyAsync(RunningWorker worker)
    {
        if (!worker.Process.Exited.IsCompleted)
        {
            worker.Process.Kill();
            await worker.Process.Exited;
            return $"was not ready within {ReadyWithin.TotalSeconds:0} s.";
        }

        return $"ended with exit code {await worker.Process.Exited} before it was ready. It said last: {worker.Process.LastError}";
    }

    private sealed record RunningWorker(WorkerProcess Process, WorkerChannel Channel, string Id, long Started);
}
