using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.Local.Runtime.Engine;

namespace OmsWorkflows.Benchmarks;

/// <summary>An engine with synchronous=FULL, on a file of its own unless a directory is given.</summary>
internal sealed class BenchmarkEngine(Action<DurableTaskRegistry> tasks, string? directory = null) : IAsyncDisposable
{
    private readonly string _directory = directory ?? Directory.CreateTempSubdirectory("engine-bench-").FullName;
    private IHost? _host;

    public string DatabasePath => Path.Combine(_directory, "durable.db");

    public DurableTaskClient Client => _host!.Services.GetRequiredService<DurableTaskClient>();

    public async Task<BenchmarkEngine> StartAsync()
    {
        _host = new HostBuilder()
            .ConfigureServices(services => services.AddDurableEngine(tasks, options => options.DatabasePath = DatabasePath))
            .Build();
        await _host.StartAsync();
        return this;
    }

    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (directory is null)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
