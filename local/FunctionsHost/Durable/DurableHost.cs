using DurableTask.Sqlite.Extension;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Newtonsoft.Json;
using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Rpc;
using OmsWorkflows.Local.FunctionsHost.Settings;
using OmsWorkflows.Local.FunctionsHost.Worker;

namespace OmsWorkflows.Local.FunctionsHost.Durable;

/// <summary>The published Durable extension on a WebJobs host: it runs orchestrations, activities and entities on the worker.</summary>
internal sealed class DurableHost(IEnumerable<Function> durableFunctions, Invoker invoker) : IAsyncDisposable
{
    private const string Extension = "Microsoft.Azure.WebJobs.Extensions.DurableTask";

    private const string SqliteExtension = "DurableTask.Sqlite.Extension";

    private static readonly JsonSerializerSettings DatesAsTexts = new() { DateParseHandling = DateParseHandling.None };

    private readonly Dictionary<string, Function> _functions =
        durableFunctions.ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    private IHost? _host;

    /// <summary>What describes the durable client to a worker; empty for an app without durable functions.</summary>
    public string ClientPayload { get; private set; } = "";

    /// <summary>Starts the extension; does nothing for an app that has no durable function and asks for no client.</summary>
    /// <exception cref="StartRefusedException">The app was published without the extension, or its store cannot be used.</exception>
    public static async Task<DurableHost> StartAsync(
        string appFolder,
        IReadOnlyList<Function> functions,
        Invoker invoker,
        IConfiguration settings,
        WebHooks webHooks,
        ILoggerFactory loggers)
    {
        var durable = new DurableHost(functions.Where(IsDurable), invoker);
        if (durable._functions.Count == 0 && !functions.Any(function => function.DurableClients.Any()))
            return durable;

        var extensions = ExtensionFolder.Open(appFolder);
        if (!extensions.Has(Extension))
            throw new StartRefusedException($"--app {appFolder}: extensions.json does not name {Extension}, which durable functions need.");

        try
        {
            await durable.StartAsync(extensions, settings, webHooks, loggers);
            return durable;
        }
        catch (Exception e) when (e is not StartRefusedException)
        {
            var provider = settings[HostConfiguration.StorageType];
            var cause = StartRefusedException.Cause(e);
            throw new StartRefusedException($"The Durable extension cannot start with storage provider '{provider}': {cause}", e);
        }
    }

    /// <summary>Stops it; what has not ended runs again at the next start.</summary>
    public Task StopAsync(CancellationToken cancellation) => _host?.StopAsync(cancellation) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    // Not inlined, and called only when the folder of extensions is known: it names types of the extension.
    private async Task StartAsync(ExtensionFolder extensions, IConfiguration settings, WebHooks webHooks, ILoggerFactory loggers)
    {
        var emitted = EmittedFunctions.Make(_functions.Values, InvokeAsync);
        _host = new HostBuilder()
            .ConfigureWebJobs(builder =>
            {
                foreach (var type in extensions.StartupTypes())
                    ((IWebJobsStartup)Activator.CreateInstance(type, nonPublic: true)!).Configure(builder);

                // An app may have been published with the provider, as with any other.
                if (!extensions.Has(SqliteExtension))
                    new SqliteProviderStartup().Configure(builder);
            })
            .ConfigureAppConfiguration(configuration =>
            {
                // WebJobs has added the environment, which the settings hold already, corrected.
                configuration.Sources.Clear();
                configuration.AddConfiguration(settings).AddInMemoryCollection(ForWebJobs(settings));
            })
            .ConfigureServices(services =>
            {
                services.Replace(ServiceDescriptor.Singleton(loggers));
                services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
                services.AddSingleton<ITypeLocator>(new OneType(emitted));
#pragma warning disable CS0618 // See WebHooks.
                services.AddSingleton<IWebHookProvider>(webHooks);
#pragma warning restore CS0618
            })
            .Build();
        await _host.StartAsync();
        var jobs = _host.Services.GetRequiredService<IJobHost>();
        await jobs.CallAsync($"{emitted.Name}.{EmittedFunctions.ClientMethod}", new Dictionary<string, object>());
    }

    /// <summary>An extension reads its part of host.json from another section than the host does.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> ForWebJobs(IConfiguration settings) => settings
        .GetSection($"{HostConfiguration.JobHost}:extensions").AsEnumerable(makePathsRelative: true)
        .Where(setting => setting.Value is not null)
        .Select(setting => KeyValuePair.Create($"AzureWebJobs:extensions:{setting.Key}", setting.Value));

    private async Task<object?> InvokeAsync(string name, string? input, string? instanceId, CancellationToken cancellation)
    {
        if (name == EmittedFunctions.ClientMethod)
        {
            ClientPayload = input ?? "";
            return null;
        }

        var function = _functions[name];
        var request = Invoker.Request(
            function,
            input is null ? new TypedData() : new TypedData { String = input },
            ClientPayload,
            instanceId is null ? [] : [KeyValuePair.Create("instanceId", instanceId)]);
        var result = await invoker.InvokeAsync(function, request, cancellation);
        return result?.DataCase switch
        {
            TypedData.DataOneofCase.String => result.String,
            // As the Functions host reads it: fractions become doubles, dates stay texts. Without the cast the string becomes a JToken.
            TypedData.DataOneofCase.Json => (object?)JsonConvert.DeserializeObject(result.Json, DatesAsTexts),
            TypedData.DataOneofCase.Int => result.Int,
            TypedData.DataOneofCase.Double => result.Double,
            TypedData.DataOneofCase.Bytes => result.Bytes.ToByteArray(),
            _ => null,
        };
    }

    private static bool IsDurable(Function function)
        => function.Trigger.Is(BindingTypes.OrchestrationTrigger)
            || function.Trigger.Is(BindingTypes.ActivityTrigger)
            || function.Trigger.Is(BindingTypes.EntityTrigger);

    private sealed class OneType(Type type) : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => [type];
    }

    /// <summary>Signals are for the host around this one.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
