using DurableTask.Core;

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

    /// <summary>Adds an orchestration.</summary>
    public Hub Orchestration(string name, Func<OrchestrationContext, string, Task<string>> run)
    {
        Worker.AddTaskOrchestrations(new Creator<TaskOrchestration>(name, () => new Flow(run)));
        return this;
    }

    /// <summary>Adds an activity.</summary>
    public Hub Activity(string name, Func<string, string> run)
    {
        Worker.AddTaskActivities(new Creator<TaskActivity>(name, () => new Step(input => Task.FromResult(run(input)))));
        return this;
    }

    /// <inheritdoc cref="Activity"/>
    public Hub ActivityAsync(string name, Func<string, Task<string>> run)
    {
        Worker.AddTaskActivities(new Creator<TaskActivity>(name, () => new Step(run)));
        return this;
    }

    public async Task<string> RunAsync(string name, string input = "", string? id = null)
    {
        var state = await WaitAsync(await Client.CreateOrchestrationInstanceAsync(name, string.Empty, id ?? Guid.NewGuid().ToString("N"), input));
        return state.OrchestrationStatus == OrchestrationStatus.Completed
            ? System.Text.Json.JsonSerializer.Deserialize<string>(state.Output)!
            : $"{state.OrchestrationStatus}: {state.Output}";
    }

    public async Task<OrchestrationState> WaitAsync(OrchestrationInstance instance, int seconds = 30) =>
        await Client.WaitForOrchestrationAsync(instance, TimeSpan.FromSeconds(seconds))
        ?? throw new TimeoutException($"{instance.InstanceId} did not end in time.");

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

        public Creator(string name, Func<T> make)
        {
            (Name, Version, _make) = (name, string.Empty, make);
        }

        public override T Create() => _make();
    }
}
