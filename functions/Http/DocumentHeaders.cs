using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace OmsWorkflows.Http;

/// <summary>
/// What every answer says, problems and failures too: nobody between here and the caller keeps it, and no browser takes it for something
/// else than it says it is; and a 503, whoever answered it, when to ask again. A function that serves what may be kept says so itself.
/// </summary>
internal sealed class DocumentHeaders : IFunctionsWorkerMiddleware
{
    /// <summary>Longer than a table takes to come back, shorter than a caller's patience.</summary>
    private const string Seconds = "5";

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.OnStarting(() =>
            {
                if (http.Response is { StatusCode: StatusCodes.Status503ServiceUnavailable, Headers: { RetryAfter.Count: 0 } headers })
                    headers.RetryAfter = Seconds;
                return Task.CompletedTask;
            });
        }

        return next(context);
    }
}
