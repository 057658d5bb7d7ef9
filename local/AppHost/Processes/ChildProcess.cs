using System.Diagnostics;
using System.Threading.Channels;

namespace OmsWorkflows.Local.AppHost.Processes;

/// <summary>A started program: its output goes to a log file, line by line, and it is never left behind.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    private readonly Process process;
    private readonly StreamWriter log;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly Queue<string> last = new();
    private readonly Task pump;

    private ChildProcess(string name, Process process, StreamWriter log)
    {
        Name = name;
        this.process = process;
        this.log = log;
        pump = PumpAsync();
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    public int Id => process.Id;

    /// <summary>Completes with the exit code when the process has ended, however it did.</summary>
    public Task<int> Exited => ExitedAsync();

    public bool HasExited => process.HasExited;

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
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
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
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(limit.Token).ConfigureAwait(false))
            {
                if (line.StartsWith(marker, StringComparison.Ordinal)) return line[marker.Length..].Trim();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"did not say \"{marker.Trim()}\" within {timeout.TotalSeconds:0} s");
        }
        throw Failure($"ended with exit code {await Exited.ConfigureAwait(false)} before it was ready");
    }

    /// <summary>An error that shows the last lines this process printed.</summary>
    public ProcessFailedException Failure(string what)
    {
        lock (last) return new ProcessFailedException($"{Name} {what}.", [.. last]);
    }

    /// <summary>Ends the process at once, as a crash would.</summary>
    public async Task KillAsync(bool withChildren = true)
    {
        process.Kill(withChildren);
        await Exited.ConfigureAwait(false);
    }

    /// <summary>Asks the process to end, and kills it when it does not.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited)
        {
            if (UnixSignal.IsSupported) UnixSignal.Terminate(process.Id);
            else process.Kill(entireProcessTree: true);
            try
            {
                await Exited.WaitAsync(Grace).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                await KillAsync().ConfigureAwait(false);
            }
        }
        await pump.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await log.DisposeAsync().ConfigureAwait(false);
        process.Dispose();
    }

    private async Task<int> ExitedAsync()
    {
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }

    private async Task PumpAsync()
    {
        await Task.WhenAll(PumpAsync(process.StandardOutput), PumpAsync(process.StandardError)).ConfigureAwait(false);
        lines.Writer.Complete();
    }

    private async Task PumpAsync(StreamReader output)
    {
        const int kept = 15;
        while (await output.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (last)
            {
                log.WriteLine(line);
                last.Enqueue(line);
                if (last.Count > kept) last.Dequeue();
            }
            lines.Writer.TryWrite(line);
        }
    }
}
