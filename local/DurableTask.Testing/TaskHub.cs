using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;
using DurableTask.Core.Middleware;
using DurableTask.Core.Settings;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Shims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DurableTask.Testing;

/// <summary>
/// The published engine's worker over a store: orchestrators and activities of a factory, in the shims of the published worker.
/// </summary>
internal sealed class TaskHub : IDisposable
{
    private readonly IDurableTaskFactory _tasks;
    private readonly IServiceProvider _services;
    private readonly DurableTaskShimFactory _shims;
    private readonly TimeProvider _clock;
    private readonly TaskHubWorker _worker;

    public TaskHub(
        IOrchestrationService store,
        IDurableTaskFactory tasks,
        IServiceProvider services,
        DurableTaskWorkerOptions options,
        TimeProvider clock)
    {
        var logs = services.GetRequiredService<ILoggerFactory>();
        (_tasks, _services, _clock) = (tasks, services, clock);
        _shims = new DurableTaskShimFactory(options, logs);
        _worker = new TaskHubWorker(
            store,
            new Named<TaskOrchestration>(FindOrchestration),
            new Named<DurableTask.Core.TaskActivity>(FindActivity),
            Versioning(options),
            logs)
        {
            ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails,
        };
        _worker.AddOrchestrationDispatcherMiddleware(RunTurnAsync);
        _worker.AddActivityDispatcherMiddleware(RunActivityAsync);
    }

    public Task StartAsync() => _worker.StartAsync();

    public Task StopAsync() => _worker.StopAsync(isForced: true);

    public void Dispose() => _worker.Dispose();

    /// <summary>
    /// Orchestrators see the host's clock. A name nobody registered is answered as the published worker does: it fails and is not
    /// retried.
    /// </summary>
    private Task RunTurnAsync(DispatchMiddlewareContext context, Func<Task> next)
    {
        var state = context.GetProperty<OrchestrationRuntimeState>();
        foreach (var started in state.NewEvents.OfType<OrchestratorStartedEvent>())
            started.Timestamp = _clock.GetUtcNow().UtcDateTime;

        if (context.GetProperty<TaskOrchestration>() is HostedOrchestration orchestration)
        {
            orchestration.Parent = state.ParentInstance is { } parent
                ? new(new TaskName(parent.Name), parent.OrchestrationInstance.InstanceId)
                : null;
            return next();
        }

        var failure = NotFound("OrchestratorTaskNotFound", $"No orchestrator task named '{state.Name}' was found.");
        var end = new OrchestrationCompleteOrchestratorAction
        {
            Id = -1,
            OrchestrationStatus = OrchestrationStatus.Failed,
            Result = failure.ErrorMessage,
            FailureDetails = failure,
        };
        context.SetProperty(new OrchestratorExecutionResult { Actions = [end] });
        return Task.CompletedTask;
    }

    private static Task RunActivityAsync(DispatchMiddlewareContext context, Func<Task> next)
    {
        if (context.GetProperty<DurableTask.Core.TaskActivity>() is not null)
            return next();

        var scheduled = context.GetProperty<TaskScheduledEvent>();
        var failure = NotFound("ActivityTaskNotFound", $"No activity task named '{scheduled.Name}' was found.");
        var failed = new TaskFailedEvent(-1, scheduled.EventId, null, null, failure);
        context.SetProperty(new ActivityExecutionResult { ResponseEvent = failed });
        return Task.CompletedTask;
    }

    private static FailureDetails NotFound(string type, string message) => new(type, message, null, null, isNonRetriable: true);

    private HostedOrchestration? FindOrchestration(string name)
        => _tasks.TryCreateOrchestrator(name, _services, out var orchestrator) ? new HostedOrchestration(_shims, name, orchestrator) : null;

    private HostedActivity? FindActivity(string name)
    {
        using var scope = _services.CreateScope();
        return _tasks.TryCreateActivity(name, scope.ServiceProvider, out _) ? new HostedActivity(_shims, name, _tasks, _services) : null;
    }

    /// <summary>The two sets of enumerations share names and numbers.</summary>
    private static VersioningSettings? Versioning(DurableTaskWorkerOptions options)
    {
        if (options.Versioning is not { } versioning)
            return null;

        return new VersioningSettings
        {
            Version = versioning.Version,
            MatchStrategy = (VersioningSettings.VersionMatchStrategy)(int)versioning.MatchStrategy,
            FailureStrategy = (VersioningSettings.VersionFailureStrategy)(int)versioning.FailureStrategy,
        };
    }

    /// <summary>An orchestrator in the worker's shim, which is made when the turn says who the parent is.</summary>
    private sealed class HostedOrchestration(DurableTaskShimFactory shims, string name, ITaskOrchestrator orchestrator) : TaskOrchestration
    {
        private TaskOrchestration? _shim;

        public ParentOrchestrationInstance? Parent { get; set; }

        public override Task<string?> Execute(OrchestrationContext context, string input)
        {
            _shim = shims.CreateOrchestration(name, orchestrator, Parent);
            return _shim.Execute(context, input);
        }

        public override void RaiseEvent(OrchestrationContext context, string name, string input) => _shim?.RaiseEvent(context, name, input);

        public override string? GetStatus() => _shim?.GetStatus();
    }

    /// <summary>An activity in the worker's shim, with a scope of its own for what it is made from.</summary>
    private sealed class HostedActivity(DurableTaskShimFactory shims, string name, IDurableTaskFactory tasks, IServiceProvider services)
        : DurableTask.Core.TaskActivity
    {
        public override string Run(TaskContext context, string input) => throw new NotSupportedException("Activities run asynchronously.");

        public override async Task<string> RunAsync(TaskContext context, string input)
        {
            await using var scope = services.CreateAsyncScope();
            tasks.TryCreateActivity(name, scope.ServiceProvider, out var activity);
            return await shims.CreateActivity(name, activity!).RunAsync(context, input);
        }
    }

    private sealed class Named<T>(Func<string, T?> find) : INameVersionObjectManager<T>
        where T : class
    {
        public void Add(ObjectCreator<T> creator) => throw new NotSupportedException("Tasks come from the registry.");

        public T? GetObject(string name, string? version) => find(name);
    }
}
