using Microsoft.Azure.Functions.Worker;

namespace OmsWorkflows.Notifications;

/// <summary>Sends what was not sent at once, and cleans up.</summary>
public sealed class NotificationTimers(NotificationSender sender, NotificationCleaning cleaning)
{
    /// <summary>Less than the time to the next run: an endpoint that is slow does not keep it from the others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Every ten seconds: what is due, which is nothing while no endpoint is set.</summary>
    [Function(nameof(SendNotifications))]
    public Task SendNotifications([TimerTrigger("*/10 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => sender.PassAsync(Patience, cancellationToken);

    /// <summary>Once a night: what is past its retention.</summary>
    [Function(nameof(CleanNotifications))]
    public Task CleanNotifications([TimerTrigger("0 32 3 * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => cleaning.RunAsync(cancellationToken);
}
