using System.Diagnostics;
using System.Threading.Channels;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Local.AppHost.Demo;

namespace OmsWorkflows.Machines.Processes;

/// <summary>A started program: its output goes to a log file, line by line, and it is never left behind.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Queue<string> _last = new();
    private readonly Task _pump;

    private ChildProcess(string name, Process process, StreamWriter log)
    {
        Name = name;
        _process = process;
        _log = log;
        _pump = PumpAsync();
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code when the process has ended, however it did.</summary>
    public Task<int> Exited => ExitedAsync();

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program and has <paramref name="guard"/> end it should this process die without ending it.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Variables added to this process's own.</param>
    /// <param name="logFile">Its output is appended there.</param>
    /// <param name="guard">Ends it if this process cannot.</param>
    public static ChildProcess Start(
        string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string logFile, OrphanGuard guard)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(logFile)!,
        };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        var log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} could not be started.");
        guard.Watch(process);
        process.StandardInput.Close();
        return new ChildProcess(name, process, log);
    }

    /// <summary>Reads the output until a line begins with <paramref name="marker"/>; returns what follows it in that line.</summary>
    /// <exception cref="ProcessFailedException">The process ended, or said nothing of the kind in time.</exception>
    public async Task<string> WaitForAsync(string marker, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var line = await WaitForAsync(line => line.StartsWith(marker, StringComparison.Ordinal), marker.Trim(), timeout, cancellationToken);
        return line[marker.Length..].Trim();
    }

    /// <summary>Reads the output until the line that is wanted.</summary>
    /// <exception cref="ProcessFailedException">The process ended, or said nothing of the kind in time.</exception>
    public async Task<string> WaitForAsync(
        Func<string, bool> wanted, string what, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
            {
                if (wanted(line))
                    return line;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"did not say \"{what}\" within {timeout.TotalSeconds:0} s");
        }
        throw Failure($"ended with exit code {await Exited} before it was ready");
    }

    /// <summary>An error that shows what this process said last.</summary>
    public ProcessFailedException Failure(string what)
    {
        lock (_last)
        {
            var said = LastWords.Of(_last);
            // In the message too, which is all that a failed test shows.
            return new ProcessFailedException($"{Name} {what}: {(said is [.., var last] ? last : "it said nothing")}", said);
        }
    }

    /// <summary>Ends the process at once, as a crash would.</summary>
    public async Task KillAsync(bool withChildren = true)
    {
        _process.Kill(withChildren);
        await Exited;
    }

    /// <summary>Asks the process to end, and kills it when it does not.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            if (UnixSignal.IsSupported)
                UnixSignal.Terminate(_process.Id);
            else
                _process.Kill(entireProcessTree: true);
            try
            {
                await Exited.WaitAsync(Grace);
            }
            catch (TimeoutException)
            {
                await KillAsync();
            }
        }
        await _pump;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _log.DisposeAsync();
        _process.Dispose();
    }

    private async Task<int> ExitedAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private async Task PumpAsync()
    {
        await Task.WhenAll(PumpAsync(_process.StandardOutput), PumpAsync(_process.StandardError));
        _lines.Writer.Complete();
    }

    private async Task PumpAsync(StreamReader output)
    {
        const int kept = 15;
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_last)
            {
                _log.WriteLine(line);
                _last.Enqueue(line);
                if (_last.Count > kept)
                    _last.Dequeue();
            }
            _lines.Writer.TryWrite(line);
        }
    }
}
