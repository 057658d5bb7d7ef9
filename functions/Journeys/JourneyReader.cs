using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OmsWorkflows.Actions;
using OmsWorkflows.Http;

namespace OmsWorkflows.Journeys;

/// <summary>Answers the document of one journey, with what people did to it.</summary>
public sealed class JourneyReader(ActionLog actions, Decisions decisions)
{
    /// <summary>The document, with its actions and the decision that waits for a second person.</summary>
    public async Task<IResult> ToResultAsync(JourneyView view, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        var id = view.Intake.InstanceId;
        var document = view.ToDocument();
        if (await actions.ListAsync(id, cancellationToken) is { Count: > 0 } done)
            document["actions"] = JsonSerializer.SerializeToNode(done, ApiJson.Options);
        if (view.Status.Phase == JourneyPhase.NeedsReview
            && await decisions.FindAsync(CommandNames.Resolve, id, cancellationToken) is { } pending)
        {
            document["pending"] = JsonSerializer.SerializeToNode(pending, ApiJson.Options);
        }

        return Results.Json(document, ApiJson.Options);
    }
}
