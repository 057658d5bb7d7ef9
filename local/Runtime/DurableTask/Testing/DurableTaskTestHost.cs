using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Local.Runtime.Engine;

namespace Microsoft.DurableTask.Testing;

/// <summary>
/// Runs orchestrations inside a test, on an engine of its own with a database that is thrown away. Time skips: while a test waits for an
/// orchestration and nothing else can run, the clock jumps to the next durable timer, so an hour takes milliseconds. To move time by hand
/// instead, register a <see cref="TimeProvider"/> with <see cref="DurableTaskTestHostOptions.ConfigureServices"/>.
/// </summary>
public sealed class DurableTaskTestHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly TestDatabase _database;

    private DurableTaskTestHost(IHost host, TestDatabase database)
    {
        _host = host;
        _database = database;
        Client = host.Services.GetRequiredService<DurableTaskClient>();
    }

    /// <summary>A client of the engine.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>The services activities are made from.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Starts a host.</summary>
    /// <param name="registry">Registers orchestrators and activities.</param>
    /// <param name="options">Services and logging.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<DurableTaskTestHost> StartAsync(
        Action<DurableTaskRegistry> registry,
        DurableTaskTestHostOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var database = new TestDatabase();
        var host = new HostBuilder()
            .ConfigureServices(services =>
            {
                if (options?.LoggerFactory is { } logs)
                {
                    services.AddSingleton(logs);
                }

                options?.ConfigureServices?.Invoke(services);
                database.AddEngine(services, registry);
            })
            .Build();
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        return new DurableTaskTestHost(host, database);
    }

    /// <summary>Stops the engine and deletes its database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        _host.Dispose();
        _database.Delete();
    }
}

/// <summary>How a test host is set up.</summary>
public class DurableTaskTestHostOptions
{
    /// <summary>Ignored: nothing listens on a port.</summary>
    public int? Port { get; set; }

    /// <summary>Takes the logs; none are written when left out.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Registers services for activities.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; set; }
}
