using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>
/// An engine in memory, seen through the client of every instance: each of its calls is a point where others may come first. An event for
/// an orchestration that is over is swallowed, or refused; engines differ in that.
/// </summary>
internal sealed class StubEngine(Interleaving interleaving, TimeProvider clock) : DurableTaskClient("stub")
{
    private static readonly JsonDataConverter Converter = new(StubOrchestration.Json);

    private readonly ConcurrentDictionary<string, StubOrchestration> _orchestrations = new();

    public Interleaving Interleaving => interleaving;

    public TimeProvider Clock => clock;

    /// <summary>Whoever runs the activities; which instance does is of no interest to the engine.</summary>
    public required IActivities Activities { get; init; }

    /// <summary>Whether an event for an orchestration that is over is refused, as some engines do.</summary>
    public bool Refuses { get; init; }

    /// <summary>How often an orchestration was started, by its id.</summary>
    public ConcurrentDictionary<string, int> Starts { get; } = new();

    /// <summary>Events that came after the end.</summary>
    public ConcurrentQueue<object> Swallowed { get; } = new();

    public IEnumerable<KeyValuePair<string, StubOrchestration>> Orchestrations => _orchestrations;

    /// <summary>When the next timer fires; null while nobody waits for time.</summary>
    public DateTimeOffset? NextTimer => _orchestrations.Values.Min(each => each.WakesAt);

    public StubOrchestration? Find(string instanceId) => _orchestrations.GetValueOrDefault(instanceId);

    /// <summary>A journey that only counts what it gets.</summary>
    public StubOrchestration AddIdle(string instanceId)
        => _orchestrations[instanceId] = new StubOrchestration(this, "Idle", instanceId, "");

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
        => Task.FromResult(new PurgeResult(_orchestrations.TryRemove(instanceId, out _) ? 1 : 0));

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        await Interleaving.PassAsync();
        var id = options!.InstanceId!;
        var started = new StubOrchestration(this, orchestratorName.Name, id, JsonSerializer.Serialize(input));
        if (!_orchestrations.TryAdd(id, started))
            throw new InvalidOperationException($"There is an orchestration {id} already.");
        Starts.AddOrUpdate(id, 1, (_, count) => count + 1);
        interleaving.Add(id[..3], started.RunAsync);
        return id;
    }

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        await Interleaving.PassAsync();
        if (Find(instanceId) is { IsOver: false } running)
            running.Raise(eventPayload!);
        else if (!Refuses)
            Swallowed.Enqueue(eventPayload!);
        else
            throw new InvalidOperationException($"There is no orchestration {instanceId} that runs.");
    }

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        await Interleaving.PassAsync();
        if (Find(instanceId) is not { } found)
            return null;
        return new OrchestrationMetadata(found.Name, instanceId)
        {
            RuntimeStatus = found switch
            {
                { Failure: not null } => OrchestrationRuntimeStatus.Failed,
                { IsOver: true } => OrchestrationRuntimeStatus.Completed,
                _ => OrchestrationRuntimeStatus.Running,
            },
            SerializedCustomStatus = found.CustomStatus,
            DataConverter = Converter,
        };
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
        => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
        => throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
        => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Runs an activity by its name.</summary>
internal interface IActivities
{
    Task<object?> RunAsync(string activity, string input, JsonSerializerOptions json);
}
