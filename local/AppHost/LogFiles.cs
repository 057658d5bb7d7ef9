using Microsoft.Extensions.Hosting;

namespace OmsWorkflows.Local.AppHost;

/// <summary>Keeps what each resource prints in a file of its own: the dashboard forgets it when the system stops.</summary>
internal sealed class LogFiles(ResourceLoggerService loggers, DistributedApplicationModel model, Run run) : BackgroundService
{
    /// <summary>Where the output of a resource is kept.</summary>
    public static string PathOf(Run run, string resource) => Path.Combine(run.Folder, $"{resource}.log");

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(model.Resources.OfType<ExecutableResource>().Select(resource => FollowAsync(resource, stoppingToken)));

    private async Task FollowAsync(ExecutableResource resource, CancellationToken stoppingToken)
    {
        await using var file = new StreamWriter(PathOf(run, resource.Name)) { AutoFlush = true };
        await foreach (var lines in loggers.WatchAsync(resource).WithCancellation(stoppingToken))
        {
            foreach (var line in lines)
                await file.WriteLineAsync(line.Content);
        }
    }
}
