namespace OmsWorkflows.Local.Sandbox.Time;

/// <summary>Runs the agenda while time passes by itself.</summary>
internal sealed class AgendaRunner(Agenda agenda, SandboxClock clock) : BackgroundService
{
    // Longer waits than a timer can take are cut into pieces.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await agenda.StartDueAsync(stoppingToken);
            var (due, changed) = agenda.Next();
            var wait = due is null ? LongestWait : due.Value - clock.Now;
            if (wait <= TimeSpan.Zero)
                continue;
            using var cancelWait = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(changed, Task.Delay(wait < LongestWait ? wait : LongestWait, clock.Base, cancelWait.Token));
            await cancelWait.CancelAsync();
        }
    }
}
