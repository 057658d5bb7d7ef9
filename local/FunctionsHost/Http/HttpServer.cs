using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Routing.Patterns;
using OmsWorkflows.Local.FunctionsHost.Durable;
using OmsWorkflows.Local.FunctionsHost.Keys;

namespace OmsWorkflows.Local.FunctionsHost.Http;

/// <summary>What the app's users talk to: routes, keys, functions. It answers as the Functions host does, down to empty bodies.</summary>
internal static class HttpServer
{
    private const long DefaultBodyLimit = 104_857_600;

    /// <summary>
    /// Callers beyond that are turned away unread. A process may usually open 1,024 files: libraries take 360 of them, and each request
    /// that is passed on takes another one.
    /// </summary>
    private const long MaxConnections = 400;

    /// <summary>Prepares the web server; it listens when the application is started.</summary>
    public static WebApplicationBuilder CreateBuilder(IPAddress address, int port, IConfiguration settings, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var limit = BodyLimit(settings);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRouting();
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limit;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Listen(address, port);
        });
        return builder;
    }

    /// <summary>Maps functions and the extensions' interfaces.</summary>
    public static void Map(
        WebApplication app,
        IReadOnlyList<HttpFunction> functions,
        HostKeys keys,
        WrongKeys wrongKeys,
        WorkerForwarder forwarder,
        ManagementApi management)
    {
        app.UseRouting();
        app.Use(UnknownIsNotFoundAsync);

        foreach (var function in functions)
        {
            Map(app, function, context => keys.Allow(context.Request, function.Level, function.Function.Name)
                ? forwarder.InvokeAsync(context, function)
                : wrongKeys.RefuseAsync(context));
        }

        app.Map($"{WebHooks.Path}/{{extension}}/{{**rest}}", management.HandleAsync);
    }

    private static void Map(WebApplication app, HttpFunction function, RequestDelegate handle)
    {
        try
        {
            var endpoint = function.Methods.Count > 0
                ? app.MapMethods(function.Pattern, function.Methods, handle)
                : app.Map(function.Pattern, handle);
            endpoint.WithDisplayName(function.Function.Name);
        }
        catch (RoutePatternException e)
        {
            var name = function.Function.Name;
            throw new StartRefusedException($"Function '{name}': its route '{function.Pattern}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>ASP.NET Core answers a wrong method with 405, from an endpoint without a route; the Functions host with 404.</summary>
    private static Task UnknownIsNotFoundAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not (null or RouteEndpoint))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static long BodyLimit(IConfiguration settings) => settings["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] switch
    {
        null or "" => DefaultBodyLimit,
        var text when long.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit > 0 => limit,
        var text => throw new StartRefusedException($"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is '{text}': it must be a number of bytes."),
    };
}
