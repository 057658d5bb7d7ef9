using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

/// <summary>An engine whose journeys remember the signals they got.</summary>
internal sealed class JourneyRecorder
{
    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly ConcurrentQueue<(string InstanceId, Signal Signal)> _raised = new();
    private readonly ConcurrentDictionary<string, OrchestrationRuntimeStatus> _known = new();

    public JourneyRecorder()
    {
        _client.Setup(c => c.RaiseEventAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .Returns((string instance, string name, object? payload, CancellationToken _) => Raise(instance, name, payload));
        _client.Setup(c => c.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()))
            .Returns((TaskName _, object? _, StartOrchestrationOptions? options, CancellationToken _) => Start(options!.InstanceId!));
        _client.Setup(c => c.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string instance, CancellationToken _) => Find(instance));
        _client.Setup(c => c.GetInstanceAsync(It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .Returns((string instance, bool _, CancellationToken _) => Find(instance));
    }

    /// <summary>Thrown by every start while set.</summary>
    public Exception? StartFailure { get; set; }

    /// <summary>Every start waits for it while it is set.</summary>
    public TaskCompletionSource? StartWaits { get; set; }

    /// <summary>The ids that were started.</summary>
    public ConcurrentQueue<string> Started { get; } = new();

    public DurableTaskClient Client => _client.Object;

    /// <summary>Custom statuses, as JSON.</summary>
    public ConcurrentDictionary<string, string> Statuses { get; } = new();

    /// <summary>Thrown by every raise while set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Thrown by the raise of a signal, if any.</summary>
    public Func<Signal, Exception?>? FailureFor { get; set; }

    /// <summary>Thrown by every read while set.</summary>
    public Exception? ReadFailure { get; set; }

    public IReadOnlyList<(string InstanceId, Signal Signal)> Raised => [.. _raised];

    public IReadOnlyList<Signal> Of(string instanceId) => [.. _raised.Where(r => r.InstanceId == instanceId).Select(r => r.Signal)];

    public JourneyRecorder With(string instanceId, OrchestrationRuntimeStatus status = OrchestrationRuntimeStatus.Running)
    {
        _known[instanceId] = status;
        return this;
    }

    private async Task<string> Start(string instanceId)
    {
        if (StartFailure is not null)
            throw StartFailure;
        Started.Enqueue(instanceId);
        if (StartWaits is not null)
            await StartWaits.Task;
        return instanceId;
    }

    private Task Raise(string instanceId, string name, object? payload)
    {
        if (Failure is not null)
            throw Failure;
        if (FailureFor?.Invoke((Signal)payload!) is { } failure)
            throw failure;
        name.Should().Be("signal");
        _raised.Enqueue((instanceId, (Signal)payload!));
        return Task.CompletedTask;
    }

    private Task<OrchestrationMetadata?> Find(string instanceId) => ReadFailure is not null ? throw ReadFailure : Task.FromResult(
        _known.TryGetValue(instanceId, out var status)
            ? new OrchestrationMetadata("journey", instanceId)
            {
                RuntimeStatus = status,
                SerializedCustomStatus = Statuses.GetValueOrDefault(instanceId),
                DataConverter = Microsoft.DurableTask.Converters.JsonDataConverter.Default,
            }
            : null);
}
