using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Local.Runtime.Engine;
using OmsWorkflows.Local.Runtime.Engine.Storage;
using OmsWorkflows.Local.Runtime.Engine.Time;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

/// <summary>An engine on a file of its own, which can be stopped and started again.</summary>
internal sealed class EngineFixture(Action<DurableTaskRegistry> tasks, Action<DurableEngineOptions>? configure = null) : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("engine-");
    private IHost? _host;

    public string DatabasePath => Path.Combine(_directory.FullName, "durable.db");

    public TimeProvider Clock { get; init; } = new SkippingClock();

    public LogCollector? Logs { get; init; }

    public DurableTaskClient Client => _host!.Services.GetRequiredService<DurableTaskClient>();

    public static async Task<EngineFixture> StartAsync(Action<DurableTaskRegistry> tasks, Action<DurableEngineOptions>? configure = null)
    {
        var fixture = new EngineFixture(tasks, configure);
        await fixture.StartAsync();
        return fixture;
    }

    public async Task StartAsync()
    {
        _host = new HostBuilder()
            .ConfigureServices(services =>
            {
                if (Logs is not null)
                {
                    services.AddSingleton<ILoggerFactory>(Logs);
                }

                services.AddSingleton(Clock).AddDurableEngine(tasks, options =>
                {
                    options.DatabasePath = DatabasePath;
                    options.Durable = false;
                    configure?.Invoke(options);
                });
            })
            .Build();
        await _host.StartAsync();
    }

    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    public Task<string> Start(string name, object? input = null, StartOrchestrationOptions? options = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(name, input, options);

    public async Task<OrchestrationMetadata> Run(string name, object? input = null) => await End(await Start(name, input));

    public async Task<OrchestrationMetadata> End(string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await Client.WaitForInstanceCompletionAsync(id, true, patience.Token);
    }

    /// <summary>Waits until the custom status is as wanted.</summary>
    public async Task Status(string id, string wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await Client.GetInstanceAsync(id, true))?.SerializedCustomStatus != $"\"{wanted}\"")
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits until the instance has the status.</summary>
    public async Task Status(string id, OrchestrationRuntimeStatus wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await Client.GetInstanceAsync(id))?.RuntimeStatus != wanted)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Rows per table of the stopped engine's database.</summary>
    public Dictionary<string, long> CountRows()
    {
        using var database = new Connection(DatabasePath, readOnly: true);
        return new[] { "instances", "inputs", "history", "inbox", "activities", "timers" }
            .ToDictionary(table => table, table => database.Number($"SELECT count(*) FROM {table}"));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Delete(recursive: true);
    }
}
