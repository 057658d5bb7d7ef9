using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.Local.AppHost.Resources;
using Spectre.Console;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>Starts the system, shows a cash-in, and leaves it up unless told otherwise.</summary>
internal sealed class DemoHost(IDistributedApplicationBuilder builder, Run run)
{
    private const int Completed = 0;
    private const int NotCompleted = 1;
    private const int Interrupted = 130;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        var view = View();
        await using var app = builder.Build();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            view.Progress("starting Azurite, the OMS sandbox and the app");
            await app.StartAsync(stopping);
            var places = await ReadyAsync(app, stopping);
            var completed = !run.Options.PlaysDemo || await ShowAsync(app, places, view, stopping);
            if (!run.Options.Once)
            {
                view.TryByHand(places);
                await app.WaitForShutdownAsync(stopping);
            }

            return completed ? Completed : NotCompleted;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception e) when (e is ProcessFailedException or HttpRequestException or IOException or DistributedApplicationException)
        {
            // A terminal sends its Ctrl-C to every process of the group: the others may end a moment before this one has seen it.
            await Task.Delay(Moment, TimeProvider.System, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
                return Interrupted;
            Fail(view, e.Message, e is ProcessFailedException failed ? failed.LastLines : []);
            return NotCompleted;
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits until the app can be called and OMS delivers to it, or one of the programs has ended.</summary>
    private async Task<Places> ReadyAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var resource = builder.Resources.OfType<AppResource>().Single();
        var ready = app.ResourceNotifications.WaitForResourceHealthyAsync(
            resource.Name, WaitBehavior.WaitOnResourceUnavailable, over.Token);
        await (await Task.WhenAny(ready, ThrowWhenOneEndsAsync(app, over.Token)));
        await over.CancelAsync();
        var sandbox = builder.Resources.OfType<SandboxResource>().Single();
        var dashboard = run.HasDashboard ? run.Dashboard : null;
        return new Places(resource.Http.Url, sandbox.Http.Url, dashboard, run.Keys, run.Key, run.ApiVersion, run.Folder);
    }

    private async Task<bool> ShowAsync(DistributedApplication app, Places places, IDemoView view, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var end = ThrowWhenOneEndsAsync(app, over.Token);
        var demo = new DemoRun(places, TimeProvider.System);
        var completed = await view.ShowAsync(async report =>
        {
            var story = demo.RunAsync(report, over.Token);
            await (await Task.WhenAny(story, end));
            return await story;
        });
        await over.CancelAsync();
        if (!completed)
            Fail(view, "The cash-in did not complete.", []);
        return completed;
    }

    private async Task ThrowWhenOneEndsAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        await foreach (var seen in app.ResourceNotifications.WatchAsync(cancellationToken))
        {
            if (seen.Resource is ExecutableResource && KnownResourceStates.TerminalStates.Contains(seen.Snapshot.State?.Text ?? ""))
                throw await FailureAsync(seen, cancellationToken);
        }
    }

    private async Task<ProcessFailedException> FailureAsync(ResourceEvent ended, CancellationToken cancellationToken)
    {
        // What it printed last is still on its way.
        await Task.Delay(Moment, TimeProvider.System, cancellationToken);
        var said = await File.ReadAllLinesAsync(LogFiles.PathOf(run, ended.Resource.Name), cancellationToken);
        var how = ended.Snapshot.ExitCode is { } code ? $"ended with exit code {code}" : "could not be started";
        return new ProcessFailedException($"{ended.Resource.Name} {how}.", LastWords.Of(said));
    }

    private void Fail(IDemoView view, string message, IReadOnlyList<string> lastLines)
    {
        run.KeepFolder = true;
        view.Failed(message, lastLines, run.Folder);
    }

    private IDemoView View()
    {
        if (run.Options.Json)
            return new JsonView(Console.Out, TimeProvider.System);
        return Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive
            ? new PlainView(Console.Out)
            : new LiveView(AnsiConsole.Console, TimeProvider.System);
    }
}
