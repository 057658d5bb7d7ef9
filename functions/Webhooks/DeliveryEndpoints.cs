using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Webhooks;

/// <summary>Where OMS delivers its webhooks. No function key: the signature is the authorisation.</summary>
public sealed class DeliveryEndpoints(WebhookReceiver receiver)
{
    /// <summary><c>POST /api/webhooks/oms</c></summary>
    [Function(nameof(ReceiveOmsWebhook))]
    public Task<IResult> ReceiveOmsWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/oms")] HttpRequest request,
        [DurableClient] DurableTaskClient client) => receiver.ReceiveAsync(request, client);
}
