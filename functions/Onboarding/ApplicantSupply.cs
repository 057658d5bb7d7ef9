using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Onboarding;

/// <summary>Takes what a caller supplies after OMS asked for more about an applicant.</summary>
public sealed class ApplicantSupply(Intakes intakes, JourneyCommands commands, TimeProvider clock)
{
    /// <summary>
    /// Stores the fields of the body, encrypted, then wakes the journey: 202 with the status document, or a problem that says why not.
    /// </summary>
    public async Task<IResult> ServeAsync(
        HttpRequest request, DurableTaskClient client, JourneyKind kind, string id, CancellationToken cancellationToken)
    {
        var supplied = await RequestBody.ReadAsync(request, new ApplicantSupplyValidator(clock), cancellationToken);
        return supplied.IsValid
            ? await commands.SendAsync(request, client, kind, id, JourneyCommand.Supply, cancellationToken, prepare: StoreAsync)
            : supplied.Problem;

        Task<bool> StoreAsync(string commandId) => intakes.SupplyAsync(id, commandId, supplied.Value, cancellationToken);
    }
}
