using System.Diagnostics;
using System.Globalization;

namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>The worker's process. Its console goes to the log, and it does not outlive the host.</summary>
internal sealed class WorkerProcess
{
    /// <summary>
    /// Starts the worker ($@) with a watcher beside it: the watcher reads from the host, and when the host is gone, however it went, the
    /// reading ends and the worker is killed. One line says that the worker has ended by itself. A signal may go to every process of the
    /// group (Ctrl-C, a service manager): the worker ignores it, because the host ends it in its own time.
    /// </summary>
    private const string Guarded =
        """
        trap '' INT HUP TERM
        worker=$$
        exec 3<&0
        { read -r _ <&3 || kill -9 $worker; } >/dev/null 2>&1 &
        exec "$@" </dev/null 3<&-
        """;

    private readonly Process _process;
    private readonly ILogger _logger;
    private readonly Task _output;
    private volatile string _lastError = "";

    private WorkerProcess(Process process, ILogger logger)
    {
        _process = process;
        _logger = logger;
        Id = process.Id;
        _output = Task.WhenAll(PumpAsync(_process.StandardOutput, isError: false), PumpAsync(_process.StandardError, isError: true));
        Exited = WaitAsync();
    }

    public int Id { get; }

    /// <summary>The exit code, when the process has ended and its output is read.</summary>
    public Task<int> Exited { get; }

    /// <summary>The last line it wrote to its error output, for a message; of an exception, what it says and not where it was.</summary>
    public string LastError => _lastError;

    /// <summary>Starts it.</summary>
    /// <param name="config">Program and first arguments.</param>
    /// <param name="folder">The app's folder: the working directory.</param>
    /// <param name="environment">All of its environment.</param>
    /// <param name="connection">Where and as whom it calls back.</param>
    /// <param name="logger">Gets its console.</param>
    public static WorkerProcess Start(
        WorkerConfig config, string folder, IReadOnlyDictionary<string, string> environment, WorkerConnection connection, ILogger logger)
    {
        string[] worker = [config.Executable, .. config.Arguments, .. connection.Arguments];
        string[] command = OperatingSystem.IsWindows() ? worker : ["/bin/sh", "-c", Guarded, "worker", .. worker];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        return new(Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} could not be started."), logger);
    }

    /// <summary>Ends the process at once. One that has ended already is no error.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        try
        {
            // The watcher may go without having killed anything.
            await _process.StandardInput.WriteLineAsync();
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It was killed together with the worker.
        }

        await _output;
        return _process.ExitCode;
    }

    private static bool IsOfStack(string line)
        => line.StartsWith("   at ", StringComparison.Ordinal) || line.StartsWith("--- End of ", StringComparison.Ordinal);

    private async Task PumpAsync(StreamReader lines, bool isError)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            if (isError && line.Length > 0 && !IsOfStack(line))
                _lastError = line;

            _logger.ConsoleLine(isError ? LogLevel.Error : LogLevel.Information, line);
        }
    }
}

/// <summary>Where the worker calls back, and as whom.</summary>
/// <param name="Uri">The host's endpoint for workers.</param>
/// <param name="WorkerId">Known to this one worker only, so nobody else can speak in its place.</param>
internal sealed record WorkerConnection(Uri Uri, string WorkerId)
{
    /// <summary>The arguments of the protocol, in the older and the newer form.</summary>
    public IEnumerable<string> Arguments
    {
        get
        {
            var request = Guid.NewGuid().ToString();
            var longest = int.MaxValue.ToString(CultureInfo.InvariantCulture);
            return
            [
                "--host", Uri.Host, "--port", Uri.Port.ToString(CultureInfo.InvariantCulture), "--workerId", WorkerId,
                "--requestId", request, "--grpcMaxMessageLength", longest, "--functions-uri", Uri.AbsoluteUri,
                "--functions-worker-id", WorkerId, "--functions-request-id", request, "--functions-grpc-max-message-length", longest,
            ];
        }
    }
}
