using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Http;

/// <summary>Stands before every function that is called over HTTP: lets in who may call it, and logs who changed what.</summary>
internal sealed class AccessControl(Gate gate, ILogger<AccessControl> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        var function = context.FunctionDefinition.Name;
        var judged = gate.Judge(function, http.Request);
        if (!judged.IsValid)
        {
            await judged.Problem.ExecuteAsync(http);
            return;
        }

        http.Features.Set(judged.Value);
        await next(context);
        if (judged.Value.IsKnown && !HttpMethods.IsGet(http.Request.Method))
            logger.Acted(judged.Value.Id, function, StatusOf(context));
    }

    /// <summary>What the function answers; it is written after this.</summary>
    private static int StatusOf(FunctionContext context)
        => (context.GetInvocationResult().Value as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
}
