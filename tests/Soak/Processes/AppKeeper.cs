using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Soak.Processes;

/// <summary>
/// Kills host, worker or both at random moments, starts again on the same database what does not by itself, and notices when the host ends
/// by itself.
/// </summary>
internal sealed class AppKeeper(AppService app, SoakOptions options, Func<double> progress)
{
    private const int StartAttempts = 5;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Random _random = new(options.Seed + 2);

    /// <summary>How often something was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Runs until cancelled; the kills are spread over the run by its progress, so that all of them fall into it.</summary>
    /// <exception cref="ProcessFailedException">The app ended by itself.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Each kill has its own stretch of the run, so that they do not fall into one moment; inside it the dice say when.
        for (var kill = 0; kill < options.Kills; kill++)
        {
            var due = 0.9 * (kill + _random.NextDouble()) / options.Kills;
            var hesitation = TimeSpan.FromMilliseconds(_random.Next(400));
            await WatchAsync(() => progress() >= due, cancellationToken);
            await Task.Delay(hesitation, cancellationToken);
            Kills++;
            // One after the other: so a run of three kills has seen each.
            switch (kill % 3)
            {
                case 0:
                    await app.KillAsync();
                    await StartAsync(cancellationToken);
                    break;
                case 1:
                    app.KillWorker();
                    break;
                default:
                    await app.KillHostAsync();
                    await StartAsync(cancellationToken);
                    break;
            }
        }
        await WatchAsync(() => false, cancellationToken);
    }

    private async Task WatchAsync(Func<bool> over, CancellationToken cancellationToken)
    {
        var exited = app.Exited;
        using var timer = new PeriodicTimer(Look);
        while (!over())
        {
            if (exited.IsCompleted)
                throw new ProcessFailedException($"The app ended by itself with exit code {await exited}.", []);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await app.StartAsync(cancellationToken);
                return;
            }
            catch (ProcessFailedException) when (attempt < StartAttempts)
            {
                // Its port is an ephemeral one: while nobody listened, an outgoing connection may have taken it for a moment.
            }
        }
    }
}
