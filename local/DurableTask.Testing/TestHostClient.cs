using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Sqlite;
using DurableTask.Sqlite.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DurableTask.Testing;

/// <summary>The durable client over the test host's store. This part starts, steers and waits.</summary>
internal sealed partial class TestHostClient(DurableTaskTestHost host, DataConverter converter, string defaultVersion)
    : DurableTaskClient("test")
{
    /// <summary>As on the Functions host: unless told otherwise, an instance that has not ended is not replaced.</summary>
    private static readonly OrchestrationStatus[] NotEnded =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended];

    private SqliteOrchestrationService Store => host.IsDead ? throw new ProcessDiedException() : host.Store;

    private DateTime Now => host.Clock.GetUtcNow().UtcDateTime;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name);
        cancellation.ThrowIfCancellationRequested();
        var start = new ExecutionStartedEvent(-1, converter.Serialize(input))
        {
            Name = orchestratorName.Name,
            Version = options?.Version?.Version ?? defaultVersion,
            ScheduledStartTime = options?.StartAt?.UtcDateTime,
            Tags = options?.Tags.ToDictionary(),
        };
        var instanceId = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        var refuseWhen = RefuseWhen(options?.DedupeStatuses);
        await EndReplacedAsync(instanceId, refuseWhen, cancellation);
        return await CreateAsync(instanceId, start, refuseWhen);
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(instanceId, new EventRaisedEvent(-1, converter.Serialize(eventPayload)) { Name = eventName }, cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return WhileAliveAsync(Store.TerminateAsync(instanceId, converter.Serialize(options?.Output), options?.Recursive == true));
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
        => SendAsync(instanceId, new ExecutionSuspendedEvent(-1, reason), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
        => SendAsync(instanceId, new ExecutionResumedEvent(-1, reason), cancellation);

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        using var waiting = host.SkipTimeUntil(instanceId, HasStarted);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (true)
        {
            if (Find(instanceId, getInputsAndOutputs, cancellation) is { } state && HasStarted(state))
                return Describe(state, getInputsAndOutputs);

            await pace.WaitForNextTickAsync(cancellation);
        }
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        using var waiting = host.SkipTimeUntil(instanceId, state => state.OrchestrationStatus.HasEnded());
        using var unneeded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var store = Store;
        var end = store.WaitForOrchestrationAsync(instanceId, executionId: null, Timeout.InfiniteTimeSpan, unneeded.Token);
        if (await Task.WhenAny(end, store.Crashed) != end)
        {
            await unneeded.CancelAsync();
            throw new ProcessDiedException();
        }

        return Describe((await WhileAliveAsync(end))!, getInputsAndOutputs);
    }

    /// <summary>As on the Functions host: it goes on from what failed.</summary>
    public override async Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        await WhileAliveAsync(Store.RewindAsync(instanceId, reason));
    }

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        var last = Find(instanceId, withData: true, cancellation) ?? throw NotFound(instanceId);
        if (!last.OrchestrationStatus.HasEnded())
        {
            throw new InvalidOperationException(
                $"An orchestration with the instanceId {instanceId} cannot be restarted: it has not ended.");
        }

        var start = new ExecutionStartedEvent(-1, last.Input) { Name = last.Name, Version = last.Version, Tags = last.Tags };
        return await CreateAsync(restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId, start, NotEnded);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool HasStarted(OrchestrationState state) => state.OrchestrationStatus != OrchestrationStatus.Pending;

    private static OrchestrationStatus[] RefuseWhen(IReadOnlyList<string>? names)
    {
        if (names is null)
            return NotEnded;

        OrchestrationStatus[] statuses = [.. names.Select(name => Enum.TryParse<OrchestrationStatus>(name, ignoreCase: true, out var status)
            ? status
            : throw new ArgumentException($"Invalid orchestration runtime status: '{name}' for deduplication."))];
        if (statuses.Contains(OrchestrationStatus.Terminated) && NotEnded.Except(statuses).Any())
        {
            throw new ArgumentException(
                "The de-duplication statuses contradict each other: a running instance would be terminated to reuse its id, "
                + "which 'Terminated' forbids. Leave out 'Terminated', or add 'Pending', 'Running' and 'Suspended'.");
        }

        return statuses;
    }

    private static ArgumentException NotFound(string instanceId)
        => new($"An orchestration with the instanceId {instanceId} was not found.");

    /// <summary>
    /// As published clients do: one that has not ended and may be replaced is terminated first, so that who called it hears of it.
    /// </summary>
    private async Task EndReplacedAsync(string instanceId, OrchestrationStatus[] refuseWhen, CancellationToken cancellation)
    {
        if (Find(instanceId, withData: false, cancellation) is { } existing
            && !existing.OrchestrationStatus.HasEnded()
            && !refuseWhen.Contains(existing.OrchestrationStatus))
        {
            await TerminateInstanceAsync(instanceId, (TerminateInstanceOptions?)null, cancellation);
            await WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: false, cancellation);
        }
    }

    private async Task<string> CreateAsync(string instanceId, ExecutionStartedEvent start, OrchestrationStatus[] refuseWhen)
    {
        start.OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId, ExecutionId = Guid.NewGuid().ToString("N") };
        start.Timestamp = Now;
        var message = new TaskMessage { OrchestrationInstance = start.OrchestrationInstance, Event = start };
        await WhileAliveAsync(Store.CreateTaskOrchestrationAsync(message, refuseWhen));
        return instanceId;
    }

    private Task SendAsync(string instanceId, HistoryEvent message, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        message.Timestamp = Now;
        var instance = new OrchestrationInstance { InstanceId = instanceId };
        return WhileAliveAsync(
            Store.SendTaskOrchestrationMessageAsync(new TaskMessage { OrchestrationInstance = instance, Event = message }));
    }

    /// <summary>A process that died answers nobody.</summary>
    private async Task<T> WhileAliveAsync<T>(Task<T> call)
    {
        await WhileAliveAsync((Task)call);
        return await call;
    }

    private async Task WhileAliveAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception) when (host.IsDead)
        {
            throw new ProcessDiedException();
        }
    }

    private OrchestrationState? Find(string instanceId, bool withData, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        cancellation.ThrowIfCancellationRequested();
        return Store.FindState(instanceId, withData);
    }
}
