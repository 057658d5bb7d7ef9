using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>What every journey does at its end.</summary>
public sealed class JourneyActivities(Inbox inbox, Intakes intakes)
{
    /// <summary>Stops listening and deletes what personal data is left in the intake row.</summary>
    [Function(nameof(CloseJourney))]
    public async Task CloseJourney([ActivityTrigger] CloseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await inbox.StopListeningAsync(request.InstanceId, [.. request.ResourceIds], cancellationToken);
        await intakes.ForgetPersonAsync(request.InstanceId, cancellationToken);
    }
}
