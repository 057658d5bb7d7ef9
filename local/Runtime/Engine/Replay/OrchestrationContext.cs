using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>The context an orchestrator of this engine gets. This part is what the orchestrator calls; the steps are in the other parts.</summary>
internal sealed partial class OrchestrationContext(
    RunHeader header, ReplaySettings settings, OrchestratorThread thread, Action<string> violate) : TaskOrchestrationContext
{
    private readonly ExternalEvents _events = new(settings.Converter);
    private object? _input;
    private object? _customStatus;
    private DateTime _now;
    private bool _isReplaying;
    private int _guids;

    public override TaskName Name => new(header.Name);

    public override string InstanceId => header.InstanceId;

    public override ParentOrchestrationInstance? Parent =>
        header.Parent is { } parent ? new(new TaskName(parent.Name), parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _isReplaying;

    public override string Version => header.Version;

    public override IReadOnlyDictionary<string, object?> Properties => settings.Properties;

    protected override ILoggerFactory LoggerFactory => settings.Loggers;

    /// <summary>Set for orchestrator functions: they name their input's type when they read it, not when they are registered.</summary>
    internal bool ConvertsInput { get; set; }

    public override T GetInput<T>() => _input switch
    {
        null => default!,
        JsonElement json when ConvertsInput && typeof(T) != typeof(JsonElement) => json.Deserialize<T>()!,
        _ => (T)_input,
    };

    public override void SetCustomStatus(object? customStatus)
    {
        Guard();
        _customStatus = customStatus;
    }

    public override Guid NewGuid()
    {
        Guard();
        return DeterministicGuid.Create(header.InstanceId, _now, _guids++);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        Guard();
        return _events.WaitFor<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        Guard();
        if (string.IsNullOrWhiteSpace(instanceId))
        {
            throw new ArgumentException("An event needs the id of an instance.", nameof(instanceId));
        }

        Take(new SendEventStep(NextStepId(), instanceId, eventName, settings.Converter.Serialize(payload)));
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Guard();
        StartOverWith(options);
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        Guard();
        var due = fireAt.ToUniversalTime();
        while (due - _now > settings.MaximumTimerInterval && !cancellationToken.IsCancellationRequested)
        {
            await CreateSingleTimer(_now + settings.MaximumTimerInterval, cancellationToken);
        }

        await CreateSingleTimer(due, cancellationToken);
    }

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Guard();
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException(
                $"A {nameof(TaskOptions)} was given as the input of the activity and none as {nameof(options)}. Name the parameter: "
                + $"{nameof(options)}: …", nameof(input));
        }

        var version = options?.Version is { } chosen ? chosen.Version : header.Version;
        try
        {
            return await Retry(options?.Retry, name.Name, () => ScheduleActivity<TResult>(name.Name, version, input, options?.Tags));
        }
        catch (RemoteTaskFailure failure)
        {
            throw new TaskFailedException(name, failure.TaskId, failure);
        }
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        Guard();
        var instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        var version = options?.Version is { } chosen ? chosen.Version : settings.DefaultVersion;
        try
        {
            return await Retry(
                options?.Retry,
                orchestratorName.Name,
                () => StartSubOrchestration<TResult>(orchestratorName.Name, version, instanceId, input, options?.Tags));
        }
        catch (RemoteTaskFailure failure)
        {
            throw new TaskFailedException(orchestratorName, failure.TaskId, failure.Details!);
        }
    }

    /// <summary>The custom status as written, or <see langword="null"/>.</summary>
    public string? SerializeCustomStatus() => settings.Converter.Serialize(_customStatus);

    public void SetInput(object? input) => _input = input;

    public void SetNow(DateTime now) => _now = now;

    public void SetReplaying(bool replaying) => _isReplaying = replaying;

    private void Guard()
    {
        if (!thread.IsCurrent)
        {
            const string report =
                "The context of an orchestration was used outside the orchestrator's own thread (Task.Run, ConfigureAwait(false), a "
                + "callback, or after the orchestrator ended). Await only tasks of the context, without ConfigureAwait(false).";
            violate(report);
            throw new InvalidOperationException(report);
        }
    }
}
