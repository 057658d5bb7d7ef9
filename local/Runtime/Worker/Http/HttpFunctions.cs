using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Local.Runtime.Worker.Http;

/// <summary>Serves HTTP functions on Kestrel: route, key, function, result.</summary>
internal static class HttpFunctions
{
    public static void Map(IEndpointRouteBuilder routes, string routePrefix, FunctionKeys keys, IEnumerable<FunctionDescriptor> functions)
    {
        foreach (var function in functions)
        {
            if (function.Trigger is not HttpTriggerAttribute trigger)
                continue;

            var pattern = string.Join('/', new[] { routePrefix.Trim('/'), (trigger.Route ?? function.Name).Trim('/') }.Where(part => part.Length > 0));
            RequestDelegate handle = context => HandleAsync(context, function, trigger, keys);
            var endpoint = trigger.Methods is { Length: > 0 } methods
                ? routes.MapMethods(pattern, methods.Select(method => method.ToUpperInvariant()), handle)
                : routes.Map(pattern, handle);
            endpoint.WithDisplayName(function.Name);
        }
    }

    private static async Task HandleAsync(HttpContext context, FunctionDescriptor function, HttpTriggerAttribute trigger, FunctionKeys keys)
    {
        if (!keys.Allow(context.Request, trigger.AuthLevel))
        {
            await Unauthorized(trigger.AuthLevel).ExecuteAsync(context);
            return;
        }

        var services = context.RequestServices;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            var result = await services.GetRequiredService<FunctionInvoker>().InvokeAsync(
                function, context.Request, cancellation.Token, invocation => invocation.Items[FunctionContextExtensions.HttpContextKey] = context);
            await WriteAsync(context, result);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; nobody is left to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            services.GetRequiredService<ILoggerFactory>().CreateLogger(function.Name).FunctionFailed(e, function.Name);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private static Task WriteAsync(HttpContext context, object? result) => result switch
    {
        IResult typed => typed.ExecuteAsync(context),
        IActionResult action => action.ExecuteResultAsync(new ActionContext(context, context.GetRouteData(), new ActionDescriptor())),
        null => Task.CompletedTask,
        _ => context.Response.WriteAsJsonAsync(result, result.GetType()),
    };

    private static IResult Unauthorized(AuthorizationLevel level) => Results.Problem(
        type: "urn:oms-workflows:problem:unauthorized",
        title: level == AuthorizationLevel.Function ? "A function key is needed." : "The master key is needed.",
        detail: "Send it in the header 'x-functions-key' or the query parameter 'code'. On the local runtime the keys are in the file named by LocalRuntime:KeysFile.",
        statusCode: StatusCodes.Status401Unauthorized);
}
