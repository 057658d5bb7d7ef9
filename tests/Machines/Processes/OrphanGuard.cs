using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OmsWorkflows.Local.AppHost;

namespace OmsWorkflows.Machines.Processes;

/// <summary>
/// A helper process that outlives this one by a moment: when this process dies without having ended its children (<c>kill -9</c>, a crash
/// of the runtime), the helper's standard input closes, and it ends them.
/// </summary>
internal sealed class OrphanGuard : IAsyncDisposable
{
    private readonly Process _helper;
    private readonly Lock _gate = new();

    private OrphanGuard(Process helper) => _helper = helper;

    /// <summary>Starts the helper.</summary>
    public static OrphanGuard Start()
    {
        var start = new ProcessStartInfo(Programs.Dotnet, [typeof(OrphanGuard).Assembly.Location])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        return new OrphanGuard(Process.Start(start) ?? throw new InvalidOperationException("The orphan guard could not be started."));
    }

    /// <summary>Has the helper end this process when the current one is gone.</summary>
    public void Watch(Process process)
    {
        lock (_gate)
        {
            _helper.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{process.Id} {process.StartTime.Ticks}"));
            _helper.StandardInput.Flush();
        }
    }

    /// <summary>Lets the helper go; it ends what is still running.</summary>
    public async ValueTask DisposeAsync()
    {
        _helper.StandardInput.Close();
        await _helper.WaitForExitAsync();
        _helper.Dispose();
    }

    /// <summary>The helper: reads ids until the writer is gone, then kills those that still are the same processes.</summary>
    public static async Task<int> RunAsync(TextReader input)
    {
        // A terminal sends Ctrl-C to every process of its group; this one has to be the last.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        var watched = new List<(int Id, long StartTicks)>();
        while (await input.ReadLineAsync() is { } line)
        {
            var parts = line.Split(' ');
            watched.Add((int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture)));
        }
        foreach (var (id, startTicks) in watched)
            KillIfSame(id, startTicks);
        return 0;
    }

    private static void KillIfSame(int id, long startTicks)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            // Ids are used again; a start time, as computed by two processes, can differ by a clock tick of the kernel.
            if (Math.Abs(process.StartTime.Ticks - startTicks) < TimeSpan.TicksPerSecond)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself: nothing is left to do.
        }
    }
}
