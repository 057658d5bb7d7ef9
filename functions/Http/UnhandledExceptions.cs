using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Http;

/// <summary>
/// Answers a request whose function threw with a problem, without telling what went wrong inside. Other triggers are left alone.
/// </summary>
internal sealed class UnhandledExceptions(ILogger<UnhandledExceptions> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
        catch (BadHttpRequestException e)
        {
            await Problems.Of(
                e.StatusCode, "bad-request", "The request cannot be read", "Check its length, encoding and headers.").ExecuteAsync(http);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            logger.RequestFailed(e, http.Request.Method, context.FunctionDefinition.Name);
            await Problems.Unavailable("Nothing was lost: repeat the request with the same Idempotency-Key.").ExecuteAsync(http);
        }
    }
}
