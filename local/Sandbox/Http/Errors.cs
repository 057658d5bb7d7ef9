using System.Globalization;

namespace OmsWorkflows.Local.Sandbox.Http;

/// <summary>Gives every answer a request id, and turns refusals into the error body.</summary>
internal sealed class Errors(RequestDelegate next, IdSource ids, ILogger<Errors> logger)
{
    private const string RequestIdKey = "sandbox.requestId";

    public async Task InvokeAsync(HttpContext context)
    {
        var requestId = ids.Next("req");
        context.Items[RequestIdKey] = requestId;
        context.Response.Headers["X-Request-Id"] = requestId;
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405, ContentType: null })
                await WriteAsync(context, ForRoute(context));
        }
        catch (ApiException e) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, e);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, new ApiException(e.StatusCode, "validation_error", "The request is not valid."));
        }
#pragma warning disable CA1031 // A fault of the sandbox itself: told in the log, and to the caller as OMS would.
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.CallFailed(context.Request.Method, context.Request.Path, e);
            await WriteAsync(context, ApiException.ForStatus(500, null, null));
        }
    }

    /// <summary>Writes a refusal; what else was set on the answer stays.</summary>
    public static Task WriteAsync(HttpContext context, ApiException refusal)
    {
        if (refusal.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = refusal.Status;
        var body = new ErrorBody(refusal.Code, refusal.Message, (string)context.Items[RequestIdKey]!, refusal.Details);
        return context.Response.WriteAsJsonAsync(body, SandboxJson.Options, context.RequestAborted);
    }

    private static ApiException ForRoute(HttpContext context) => context.Response.StatusCode == 405
        ? new ApiException(405, "method_not_allowed", "This path does not take this method.")
        : ApiException.NotFound();
}
