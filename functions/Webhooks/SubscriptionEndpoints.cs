using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using OmsWorkflows.Http;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Webhooks;

/// <summary>The app's webhook subscription at OMS, for operators. The command line can do the same.</summary>
public sealed class SubscriptionEndpoints(WebhookSubscriptions subscriptions, IOptionsMonitor<WebhookOptions> options)
{
    /// <summary><c>GET /api/operations/webhooks</c></summary>
    [Function(nameof(ListWebhookEndpoints))]
    public Task<IResult> ListWebhookEndpoints(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "operations/webhooks")] HttpRequest request)
        => AnswerAsync(request, async token => Results.Json(new { data = await subscriptions.ListAsync(token) }));

    /// <summary>
    /// <c>POST /api/operations/webhooks[?url=]</c>: registers the first; without an address the one in <c>Webhooks:PublicUrl</c>.
    /// </summary>
    [Function(nameof(CreateWebhookEndpoint))]
    public Task<IResult> CreateWebhookEndpoint(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/webhooks")] HttpRequest request)
        => AnswerAsync(request, async token =>
        {
            var query = new QueryReader(request.Query);
            var url = query.Optional("url") ?? options.CurrentValue.PublicUrl;
            if (query.Problem is { } problem)
                return problem;
            if (!WebhookUrl.IsUsable(url))
                return Problems.Validation("url", $"?url= or Webhooks:PublicUrl {WebhookUrl.Rule}");
            return Results.Json(await subscriptions.CreateAsync(url!, token), statusCode: StatusCodes.Status201Created);
        });

    /// <summary><c>POST /api/operations/webhooks/rotate</c>: registers the next endpoint; the secrets of both are accepted.</summary>
    [Function(nameof(RotateWebhookSecret))]
    public Task<IResult> RotateWebhookSecret(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/webhooks/rotate")] HttpRequest request)
        => AnswerAsync(request, async token =>
            Results.Json(await subscriptions.RotateAsync(token), statusCode: StatusCodes.Status201Created));

    /// <summary><c>POST /api/operations/webhooks/rotate/finish</c>: deletes the older endpoint and its secret.</summary>
    [Function(nameof(FinishWebhookRotation))]
    public Task<IResult> FinishWebhookRotation(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/webhooks/rotate/finish")] HttpRequest request)
        => AnswerAsync(request, async token => Results.Json(new { deleted = await subscriptions.FinishRotationAsync(token) }));

    /// <summary><c>POST /api/operations/webhooks/{endpointId}/pause</c></summary>
    [Function(nameof(PauseWebhookEndpoint))]
    public Task<IResult> PauseWebhookEndpoint(
        [HttpTrigger(
            AuthorizationLevel.Function, "post", Route = "operations/webhooks/{endpointId}/pause")] HttpRequest request, string endpointId)
        => AnswerAboutAsync(request, endpointId, async token => Results.Json(await subscriptions.EnableAsync(endpointId, false, token)));

    /// <summary><c>POST /api/operations/webhooks/{endpointId}/resume</c></summary>
    [Function(nameof(ResumeWebhookEndpoint))]
    public Task<IResult> ResumeWebhookEndpoint(
        [HttpTrigger(
            AuthorizationLevel.Function, "post", Route = "operations/webhooks/{endpointId}/resume")] HttpRequest request, string endpointId)
        => AnswerAboutAsync(request, endpointId, async token => Results.Json(await subscriptions.EnableAsync(endpointId, true, token)));

    /// <summary><c>DELETE /api/operations/webhooks/{endpointId}</c></summary>
    [Function(nameof(DeleteWebhookEndpoint))]
    public Task<IResult> DeleteWebhookEndpoint(
        [HttpTrigger(
            AuthorizationLevel.Function, "delete", Route = "operations/webhooks/{endpointId}")] HttpRequest request, string endpointId)
        => AnswerAboutAsync(request, endpointId, async token =>
            await subscriptions.DeleteAsync(endpointId, token) ? Results.NoContent() : Problems.NotFound("webhook endpoint"));

    private static Task<IResult> AnswerAboutAsync(
        HttpRequest request, string endpointId, Func<CancellationToken, Task<IResult>> serve)
        => OmsId.IsOne(endpointId) ? AnswerAsync(request, serve) : Task.FromResult(Problems.NotFound("webhook endpoint"));

    private static async Task<IResult> AnswerAsync(HttpRequest request, Func<CancellationToken, Task<IResult>> serve)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await serve(request.HttpContext.RequestAborted);
        }
        catch (SubscriptionConflictException e)
        {
            return Problems.Conflict("subscription", "The subscription is not in the state this needs", e.Message);
        }
        catch (OmsRefusedException e) when (e.IsNotFound)
        {
            return Problems.NotFound("webhook endpoint");
        }
        catch (OmsRefusedException e)
        {
            return Problems.Refused("oms-refused", "OMS refused the request", e.ForCallers);
        }
        catch (OmsNoAnswerException)
        {
            // The client has logged it.
            return Problems.OmsFailed("Repeat the request: what was begun is finished then.");
        }
    }
}
