using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Local.Runtime.Engine;
using OmsWorkflows.Local.Runtime.Worker.Durable;
using OmsWorkflows.Local.Runtime.Worker.Http;
using OmsWorkflows.Local.Runtime.Worker.Timers;

namespace OmsWorkflows.Local.Runtime.Worker;

/// <summary>Puts the local runtime together: Kestrel, the durable engine and timers in one process (DESIGN 2, 7).</summary>
/// <remarks>
/// Settings of the runtime itself: <c>LocalRuntime:Urls</c> (where to listen; default http://127.0.0.1:7071), <c>LocalRuntime:Database</c>
/// (the engine's SQLite file; default .local/durable.db), <c>LocalRuntime:KeysFile</c> (function keys; default .local/keys.json).
/// </remarks>
internal static class LocalHost
{
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = LocalSettings.Read(Path.Combine(AppContext.BaseDirectory, "local.settings.json")),
        });
        // On a single machine the console is where logs go. The Functions host reads its worker's console and would report every line a second time,
        // so there the published builder takes the console away; the app itself adds none.
        builder.Logging.ClearProviders().AddJsonConsole();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddProblemDetails();
        return builder;
    }

    public static WebApplication Build(
        WebApplicationBuilder builder, Assembly assembly, IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware, bool useAspNetCore)
    {
        var host = HostJson.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));
        var functions = FunctionCatalog.Find(assembly);
        if (!useAspNetCore && functions.FirstOrDefault(function => function.Trigger is HttpTriggerAttribute) is { } http)
            throw FunctionCatalog.Refuse(http.Name, "HTTP functions need ASP.NET Core integration. Call ConfigureFunctionsWebApplication() on the builder");

        foreach (var (category, level) in host.LogLevels)
            builder.Logging.AddFilter(category == "default" ? null : category, Enum.Parse<LogLevel>(level, ignoreCase: true));

        var settings = builder.Configuration;
        builder.WebHost.UseUrls(settings["LocalRuntime:Urls"] ?? "http://127.0.0.1:7071");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = long.Parse(settings["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] ?? "104857600", CultureInfo.InvariantCulture);
        });

        WebApplication? app = null;
        var services = builder.Services;
        services.AddSingleton(functions);
        services.AddSingleton(provider => new FunctionInvoker(provider.GetRequiredService<IServiceScopeFactory>(), middleware));
        services.AddDurableEngine(
            registry => DurableFunctions.Register(registry, functions, () => app!.Services.GetRequiredService<FunctionInvoker>()),
            engine =>
            {
                engine.DatabasePath = settings["LocalRuntime:Database"] ?? Path.Combine(".local", "durable.db");
                engine.DefaultVersion = host.DefaultVersion;
                engine.Versioning = host.Versioning();
                if (host.MaxConcurrentActivities is { } activities)
                    engine.MaxConcurrentActivities = activities;
            });
        services.AddHostedService<TimerService>();

        app = builder.Build();
        app.UseStatusCodePages();
        HttpFunctions.Map(app, host.RoutePrefix, FunctionKeys.Load(settings["LocalRuntime:KeysFile"] ?? Path.Combine(".local", "keys.json")), functions);
        app.Lifetime.ApplicationStarted.Register(() => Announce(app, functions));
        return app;
    }

    // Logs may be JSON or off; whoever started the process finds the address in this one line.
    private static void Announce(WebApplication app, IReadOnlyList<FunctionDescriptor> functions)
    {
        app.Logger.FunctionsFound(functions.Count, string.Join(", ", functions.Select(function => function.Name)));
        foreach (var url in app.Urls)
            Console.WriteLine($"Now listening on: {url}");
    }
}
