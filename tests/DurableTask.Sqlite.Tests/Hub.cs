using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Tests;

/// <summary>A published worker and client over a store in a folder of its own.</summary>
internal sealed class Hub : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly bool _ownsFolder;
    private bool _started;

    public Hub(Action<SqliteOrchestrationServiceOptions>? configure = null, DirectoryInfo? folder = null)
    {
        _ownsFolder = folder is null;
        _folder = folder ?? Directory.CreateTempSubdirectory("dt-sqlite-");
        Options = new SqliteOrchestrationServiceOptions { DatabasePath = Path.Combine(_folder.FullName, "durable.db") };
        configure?.Invoke(Options);
        Service = new SqliteOrchestrationService(Options);
        Worker = new TaskHubWorker(Service) { ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails };
        Client = new TaskHubClient(Service);
        if (Options.Clock != TimeProvider.System)
        {
            Worker.AddOrchestrationDispatcherMiddleware((context, next) =>
            {
                // What a turn takes for the time is said before it runs.
                var now = Options.Clock.GetUtcNow().UtcDateTime;
                foreach (var started in context.GetProperty<OrchestrationRuntimeState>().NewEvents.OfType<OrchestratorStartedEvent>())
                {
                    started.Timestamp = now;
                }

                return next();
            });
        }
    }

    public SqliteOrchestrationServiceOptions Options { get; }

    public SqliteOrchestrationService Service { get; }

    public TaskHubWorker Worker { get; }

    public TaskHubClient Client { get; }

    public string DatabasePath => Options.DatabasePath;

    public async Task<Hub> StartAsync()
    {
        await Worker.StartAsync();
        _started = true;
        return this;
    }

    /// <summary>Stops the worker; the file stays open.</summary>
    public async Task StopAsync()
    {
        await Worker.StopAsync(isForced: true);
        _started = false;
    }

    /// <summary>Adds an orchestration.</summary>
    public Hub Orchestration(string name, Func<OrchestrationContext, string, Task<string>> run, string version = "")
    {
        Worker.AddTaskOrchestrations(new Creator<TaskOrchestration>(name, version, () => new Flow(run)));
        return this;
    }

    /// <summary>Adds an activity.</summary>
    public Hub Activity(string name, Func<string, string> run) => ActivityAsync(name, input => Task.FromResult(run(input)));

    /// <inheritdoc cref="Activity"/>
    public Hub ActivityAsync(string name, Func<string, Task<string>> run)
    {
        Worker.AddTaskActivities(new Creator<TaskActivity>(name, string.Empty, () => new Step(run)));
        return this;
    }

    public Task<OrchestrationInstance> BeginAsync(string name, string input = "", string? id = null)
        => Client.CreateOrchestrationInstanceAsync(name, string.Empty, id ?? Guid.NewGuid().ToString("N"), input);

    /// <summary>Starts an orchestration and gives what it returns, or how else it ended.</summary>
    public async Task<string> RunAsync(string name, string input = "", string? id = null)
        => await EndAsync(await BeginAsync(name, input, id));

    /// <summary>Waits for the end and gives what was returned, or how else it ended.</summary>
    public async Task<string> EndAsync(OrchestrationInstance instance)
    {
        var state = await WaitAsync(instance);
        return state.OrchestrationStatus == OrchestrationStatus.Completed
            ? JsonSerializer.Deserialize<string>(state.Output)!
            : $"{state.OrchestrationStatus}: {state.Output}";
    }

    public async Task<OrchestrationState> WaitAsync(OrchestrationInstance instance)
        => await Client.WaitForOrchestrationAsync(instance, Eventually.Patience)
        ?? throw new TimeoutException($"{instance.InstanceId} did not end in time.");

    /// <summary>Waits until the instance says where it is.</summary>
    public Task StatusAsync(string id, string custom) => Eventually.TrueAsync(
        () => Service.FindState(id, withInputsAndOutputs: false)?.Status?.Trim('"') == custom, because: $"{id} says {custom}");

    /// <inheritdoc cref="StatusAsync(string, string)"/>
    public Task StatusAsync(string id, OrchestrationStatus status) => Eventually.TrueAsync(
        () => Service.FindState(id, withInputsAndOutputs: false)?.OrchestrationStatus == status, because: $"{id} is {status}");

    public async ValueTask DisposeAsync()
    {
        if (_started)
        {
            await Worker.StopAsync(isForced: true);
        }

        Service.Dispose();
        if (_ownsFolder)
        {
            _folder.Delete(recursive: true);
        }
    }

    private sealed class Creator<T> : ObjectCreator<T>
    {
        private readonly Func<T> _make;

        public Creator(string name, string version, Func<T> make)
        {
            (Name, Version, _make) = (name, version, make);
        }

        public override T Create() => _make();
    }
}
