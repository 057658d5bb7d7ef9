using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace OmsWorkflows.Http;

/// <summary>
/// What every answer says, problems and failures too: nobody between here and the caller keeps it, and no browser takes it for something
/// else than it says it is. A function that serves what may be kept says so itself.
/// </summary>
internal sealed class DocumentHeaders : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.XContentTypeOptions = "nosniff";
        }

        return next(context);
    }
}
