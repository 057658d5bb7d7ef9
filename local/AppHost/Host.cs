using System.Globalization;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Local.AppHost.Processes;
using OmsWorkflows.Local.AppHost.Services;
using Spectre.Console;

namespace OmsWorkflows.Local.AppHost;

/// <summary>The command: sets the machine up, shows a cash-in, stays up unless told otherwise, and leaves nothing behind.</summary>
internal sealed class Host(bool once, bool json, int? codeLifetimeSeconds, Store store)
{
    private const int Completed = 0;
    private const int NotCompleted = 1;
    private const int Interrupted = 130;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var view = View();
        Machine? machine = null;
        try
        {
            machine = await Machine.StartAsync(Settings(), view.Progress, cancellationToken).ConfigureAwait(false);
            var run = new DemoRun(machine, TimeProvider.System);
            var completed = await view.ShowAsync(report => run.RunAsync(report, cancellationToken)).ConfigureAwait(false);
            if (!completed) Keep(machine, view, "The cash-in did not complete.", []);
            if (once) return completed ? Completed : NotCompleted;
            view.TryByHand(machine);
            await UntilStoppedAsync(machine, cancellationToken).ConfigureAwait(false);
            return completed ? Completed : NotCompleted;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception e) when (e is ProcessFailedException or HttpRequestException or IOException)
        {
            if (await WasInterruptedAsync(cancellationToken).ConfigureAwait(false)) return Interrupted;
            Keep(machine, view, e.Message, e is ProcessFailedException failed ? failed.LastLines : []);
            return NotCompleted;
        }
        finally
        {
            if (machine is not null) await machine.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void Keep(Machine? machine, IDemoView view, string message, IReadOnlyList<string> lastLines)
    {
        if (machine is not null) machine.KeepFolder = true;
        view.Failed(message, lastLines, machine?.Folder);
    }

    private static async Task UntilStoppedAsync(Machine machine, CancellationToken cancellationToken)
    {
        try
        {
            await machine.WatchAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how this ends.
        }
        catch (ProcessFailedException)
        {
            if (!await WasInterruptedAsync(cancellationToken).ConfigureAwait(false)) throw;
        }
    }

    /// <summary>A terminal sends its Ctrl-C to every process of the group: the others may end a moment before this one has seen it.</summary>
    private static async Task<bool> WasInterruptedAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Moment, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return cancellationToken.IsCancellationRequested;
    }

    private IDemoView View()
    {
        if (json) return new JsonView(Console.Out, TimeProvider.System);
        return Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive
            ? new PlainView(Console.Out)
            : new LiveView(AnsiConsole.Console, TimeProvider.System);
    }

    /// <summary>The hour is shortened in the sandbox, never in the app.</summary>
    private MachineSettings Settings()
    {
        var lifetime = TimeSpan.FromSeconds(codeLifetimeSeconds ?? (once ? 10 : 30));
        return new MachineSettings
        {
            Store = store,
            ApiVersion = Environment.GetEnvironmentVariable("Oms__ApiVersion") ?? "v0.9",
            Sandbox = new Dictionary<string, string>
            {
                ["Sandbox:CodeLifetime"] = lifetime.ToString("c", CultureInfo.InvariantCulture),
                ["Sandbox:ExpirySweep"] = "00:00:01",
            },
        };
    }
}
