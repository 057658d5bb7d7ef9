using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Load.Traffic;

/// <summary>Kills a host with its worker and starts it again, one host after the other, spread over the run by its progress.</summary>
internal sealed class HostKiller(IReadOnlyList<AppService> hosts, int kills, Func<double> progress)
{
    private const int StartAttempts = 5;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>How often one was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Runs until all kills were done.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look);
        while (Kills < kills)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            if (progress() < (Kills + 0.5) / kills)
                continue;
            var host = hosts[Kills % hosts.Count];
            await host.KillAsync();
            Kills++;
            await StartAsync(host, cancellationToken);
        }
    }

    private static async Task StartAsync(AppService host, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await host.StartAsync(cancellationToken);
                return;
            }
            catch (ProcessFailedException) when (attempt < StartAttempts)
            {
                // Its port is an ephemeral one: while nobody listened, an outgoing connection may have taken it for a moment.
            }
        }
    }
}
