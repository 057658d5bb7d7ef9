using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;
using OmsWorkflows.Journeys;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>
/// An engine that says of each journey how it stands: as it was told, or else by the default. It takes signals, and has no list: whoever
/// asks for one is told so.
/// </summary>
internal sealed class StatusEngine
{
    private readonly Mock<DurableTaskClient> _client = new(MockBehavior.Strict, "test");
    private readonly ConcurrentDictionary<string, JourneyStatus?> _told = new();
    private int _reads;

    public StatusEngine(JourneyStatus otherwise)
    {
        _client.Setup(c => c.GetInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string id, CancellationToken _) => Find(id, otherwise));
        _client.Setup(c => c.GetInstanceAsync(It.IsAny<string>(), It.IsAny<bool>(), It.IsAny<CancellationToken>()))
            .Returns((string id, bool _, CancellationToken _) => Find(id, otherwise));
        _client.Setup(c => c.RaiseEventAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .Returns((string id, string _, object? signal, CancellationToken _) =>
            {
                Raised.Enqueue((id, (Signal)signal!));
                return Task.CompletedTask;
            });
        _client.Setup(c => c.PurgeInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync(new PurgeResult(1));
        _client.Setup(c => c.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(),
                It.IsAny<CancellationToken>()))
            .Returns((TaskName _, object? _, StartOrchestrationOptions? options, CancellationToken _) =>
            {
                Started.Enqueue(options!.InstanceId!);
                return Task.FromResult(options.InstanceId!);
            });
    }

    public DurableTaskClient Client => _client.Object;

    public ConcurrentQueue<(string InstanceId, Signal Signal)> Raised { get; } = new();

    public ConcurrentQueue<string> Started { get; } = new();

    public int Reads => _reads;

    public StatusEngine Tell(string instanceId, JourneyStatus? status)
    {
        _told[instanceId] = status;
        return this;
    }

    private Task<OrchestrationMetadata?> Find(string id, JourneyStatus otherwise)
    {
        Interlocked.Increment(ref _reads);
        var status = _told.TryGetValue(id, out var told) ? told : otherwise;
        return Task.FromResult(status is null ? null : new OrchestrationMetadata("journey", id)
        {
            RuntimeStatus = status.Ended ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Running,
            SerializedCustomStatus = Microsoft.DurableTask.Converters.JsonDataConverter.Default.Serialize(status),
            DataConverter = Microsoft.DurableTask.Converters.JsonDataConverter.Default,
        });
    }
}
