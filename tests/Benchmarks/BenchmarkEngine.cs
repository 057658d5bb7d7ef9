using DurableTask.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Benchmarks;

/// <summary>
/// The published engine in this process over the SQLite provider with synchronous=FULL and the machine's clock, on a file of its own
/// unless a
/// directory is given.
/// </summary>
internal sealed class BenchmarkEngine(Action<DurableTaskRegistry> tasks, string? directory = null) : IAsyncDisposable
{
    private readonly string _directory = directory ?? Directory.CreateTempSubdirectory("engine-bench-").FullName;
    private DurableTaskTestHost? _host;

    public string DatabasePath => Path.Combine(_directory, "durable.db");

    public DurableTaskClient Client => _host!.Client;

    public async Task<BenchmarkEngine> StartAsync()
    {
        _host = await DurableTaskTestHost.StartAsync(tasks, new()
        {
            ConfigureServices = services => services.AddSingleton(TimeProvider.System),
            DatabaseDirectory = _directory,
            IsDurable = true,
        });
        return this;
    }

    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            await host.DisposeAsync();
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
