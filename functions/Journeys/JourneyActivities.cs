using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>What every journey does at its end.</summary>
public sealed class JourneyActivities(Inbox inbox, Intakes intakes)
{
    /// <summary>Stops listening and deletes what personal data is left in the intake row, and files the journey under its end.</summary>
    [Function(nameof(CloseJourney))]
    public async Task CloseJourney([ActivityTrigger] CloseRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await inbox.StopListeningAsync(request.InstanceId, [.. request.ResourceIds], cancellationToken);
        try
        {
            var intake = await intakes.ForgetPersonAsync(request.InstanceId, cancellationToken);

            // An older version does not say the phase: whoever reads the open ones will see that this is none.
            if (request.Phase is { } phase)
            {
                await intakes.Index.EndAsync(
                    request.InstanceId,
                    intake.Orchestration,
                    intake.ReceivedAt,
                    phase,
                    request.ResourceIds,
                    cancellationToken,
                    request.ResourceIds.Select(id => InboxLists.KeptSince(id, intake.ReceivedAt)));
            }
        }
        catch (IntakeMissingException)
        {
            // Nothing was stored, so nothing is to be forgotten.
        }
    }
}
