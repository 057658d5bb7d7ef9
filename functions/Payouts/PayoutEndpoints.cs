using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Payouts;

/// <summary>Payouts over HTTP.</summary>
public sealed class PayoutEndpoints(
    JourneyStart start,
    Intakes intakes,
    JourneyReader reader,
    JourneyCommands commands,
    PickupCodes pickups,
    IOptionsMonitor<PayoutOptions> options)
{
    /// <summary>What a payout is among the journeys.</summary>
    public static JourneyKind Kind { get; } = new(PayoutWorkflow.Name, "po", "/api/payouts");

    /// <summary>Starts a payout: 202 with <c>Location</c> and the status document.</summary>
    [Function(nameof(StartPayout))]
    public Task<IResult> StartPayout(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "payouts")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => start.ServeAsync(request, client, Kind, new StartPayoutValidator(), ToIntake, cancellationToken);

    /// <summary>Reads a payout. While cash lies ready at a store, the code to collect it with is read from OMS along with it.</summary>
    [Function(nameof(GetPayout))]
    public async Task<IResult> GetPayout(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "payouts/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await JourneyView.FindAsync(intakes, client, Kind, id, cancellationToken) is not { } view)
            return Problems.NotFound("payout");
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return await reader.ToResultAsync(await pickups.WithCodeAsync(view, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Lists payouts, filtered by <c>customerId</c> and <c>phase</c>, <c>limit</c> at a time; pass <c>next</c> back as <c>after</c> for
    /// more.
    /// </summary>
    [Function(nameof(ListPayouts))]
    public Task<IResult> ListPayouts(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "payouts")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => JourneyList.ServeAsync(request, intakes, client, [Kind], cancellationToken);

    /// <summary>
    /// Accepts the price that was shown: 202, or 409 if it is another by now. One that only a person can confirm takes the role of an
    /// operator.
    /// </summary>
    /// <param name="request">The request; its body names the quote.</param>
    [Function(nameof(ConfirmPayout))]
    public async Task<IResult> ConfirmPayout(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "payouts/{id}/confirm")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, new ConfirmPayoutValidator(), cancellationToken);
        if (!body.IsValid)
            return body.Problem;

        if (await JourneyView.FindAsync(intakes, client, Kind, id, cancellationToken) is not { } view)
            return Problems.NotFound("payout");
        var quote = view.Status is { Phase: JourneyPhase.AwaitingConfirmation } status ? status.Quote : null;
        if (quote is not null && quote.Id != body.Value.QuoteId)
        {
            return Problems.Conflict(
                "quote-replaced",
                "The quote is not the current one",
                "The price ran out and there is a new one: read the payout, and confirm the quote it shows.");
        }

        if (quote is { PersonOnly: true } && !Actor.Of(request).Has(Callers.Operator))
            return Problems.RoleMissing("Only a person with the role Operator confirms this quote: have one do it in the console.");
        return await commands.SendAsync(request, client, view, JourneyCommand.Confirm, cancellationToken, body.Value.QuoteId);
    }

    /// <summary>Cancels a payout that was not executed.</summary>
    [Function(nameof(CancelPayout))]
    public Task<IResult> CancelPayout(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "payouts/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => commands.SendAsync(request, client, Kind, id, JourneyCommand.Cancel, cancellationToken);

    /// <summary>
    /// An operator says what became of the money: <c>?outcome=&amp;reference=&amp;reason=</c>. The journey ends as failed.
    /// </summary>
    [Function(nameof(ResolvePayout))]
    public Task<IResult> ResolvePayout(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "payouts/{id}/resolve")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => commands.ResolveAsync(request, client, Kind, id, cancellationToken);

    private Intake ToIntake(string instanceId, StartPayoutRequest body)
    {
        var network = body.Network ?? PayoutNetworks.Of(body.ExternalAccountId)[0];
        var order = new PayoutOrder(body.CustomerId!, body.WalletId!, body.ExternalAccountId, network, body.Send, body.Receive)
        {
            Store = body.Location is { } store ? new(store.Id!, store.Reference!, store.ToPlace()) : null,
        };
        var settings = options.CurrentValue;
        return new Intake
        {
            InstanceId = instanceId,
            Orchestration = PayoutWorkflow.Name,
            Input = JsonSerializer.Serialize(
                new PayoutInput(order, body.AutoConfirm, settings) { ReturnWindow = settings.ReturnWindow }),
            CustomerId = body.CustomerId,
        };
    }
}
