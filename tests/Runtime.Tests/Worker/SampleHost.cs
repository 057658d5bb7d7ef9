using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Runtime.Tests.Worker;

/// <summary>The sample functions on real Kestrel, with files of their own.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly DirectoryInfo _folder;

    private SampleHost(IHost host, DirectoryInfo folder)
    {
        _host = host;
        _folder = folder;
        Http = new HttpClient { BaseAddress = new Uri(((WebApplication)host).Urls.Single()) };
        Keys = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(KeysFile))!;
    }

    public HttpClient Http { get; }

    public IReadOnlyDictionary<string, string> Keys { get; }

    public string KeysFile => Path.Combine(_folder.FullName, "keys.json");

    public static async Task<SampleHost> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("worker-");
        string[] args =
        [
            "--LocalRuntime:Urls", "http://127.0.0.1:0",
            "--LocalRuntime:Database", Path.Combine(folder.FullName, "durable.db"),
            "--LocalRuntime:KeysFile", Path.Combine(folder.FullName, "keys.json"),
        ];
        var builder = new FunctionsApplicationBuilder(args, typeof(SampleFunctions).Assembly);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware((context, next) =>
        {
            context.Items["seen"] = true;
            return next();
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Greeter>();
        var host = builder.Build();
        await host.StartAsync();
        return new SampleHost(host, folder);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync();
        await ((WebApplication)_host).DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
