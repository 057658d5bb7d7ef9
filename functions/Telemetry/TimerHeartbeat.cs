using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace OmsWorkflows.Telemetry;

/// <summary>
/// Counts every timer function that came to its end: an alarm rings when one is not heard of (infra/modules/silence.bicep).
/// </summary>
internal sealed class TimerHeartbeat(AppMetrics metrics) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        await next(context);
        if (context.FunctionDefinition.Parameters.Any(parameter => parameter.Type == typeof(TimerInfo)))
            metrics.TimerCompleted(context.FunctionDefinition.Name);
    }
}
