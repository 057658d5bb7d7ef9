namespace Microsoft.Azure.Functions.Worker.Middleware;

#pragma warning disable CA1711 // The published name.
/// <summary>The rest of the pipeline.</summary>
/// <param name="context">The invocation.</param>
public delegate Task FunctionExecutionDelegate(FunctionContext context);
#pragma warning restore CA1711

/// <summary>A step around every invocation.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Runs the step.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="next">The rest of the pipeline.</param>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
