using System.Diagnostics;
using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Local.Runtime.Engine.Dispatch;
using OmsWorkflows.Local.Runtime.Engine.Replay;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine.Client;

/// <summary>The client of the embedded engine. This part starts, steers and waits.</summary>
internal sealed partial class LocalDurableTaskClient(Func<EngineCore> engine, DataConverter converter, string defaultVersion)
    : DurableTaskClient(string.Empty)
{
    /// <summary>Unless told otherwise, an instance that has not ended is not replaced.</summary>
    private static readonly HashSet<OrchestrationStatus> NotEnded =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended];

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (string.IsNullOrEmpty(orchestratorName.Name))
        {
            throw new ArgumentException("An orchestration needs the name of its orchestrator.", nameof(orchestratorName));
        }

        var core = engine();
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        using var span = EngineTracing.StartCreation(orchestratorName.Name, id);
        var instance = new NewInstance(
            id,
            orchestratorName.Name,
            options?.Version is { } version ? version.Version : defaultVersion,
            converter.Serialize(input),
            core.Now,
            options?.StartAt?.UtcDateTime,
            options?.Tags,
            null)
        {
            Trace = (span ?? Activity.Current)?.Id,
        };
        return await core.WriteAsync(
            new CreateInstance(instance, RefuseWhen(options?.DedupeStatuses), core.Created, core.Delivered), cancellation).ConfigureAwait(false);
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(instanceId, new EventRaisedEvent(-1, converter.Serialize(eventPayload)) { Name = eventName }, cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var output = converter.Serialize(options?.Output);
        var now = engine().Now;
        return SendAsync(
            instanceId,
            options?.Recursive == true ? TerminateMessage.Recursive(output, now) : TerminateMessage.Single(output, now),
            cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return SendAsync(instanceId, new ExecutionSuspendedEvent(-1, reason), cancellation);
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return SendAsync(instanceId, new ExecutionResumedEvent(-1, reason), cancellation);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, getInputsAndOutputs, static row => row.Status != OrchestrationStatus.Pending, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, getInputsAndOutputs, static row => HasEnded(row.Status), cancellation);

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var core = engine();
        var row = core.Reader.FindInstance(instanceId, withData: true)
            ?? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.");
        if (!HasEnded(row.Status))
        {
            throw new InvalidOperationException($"An orchestration with the instanceId {instanceId} cannot be restarted.");
        }

        var id = restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId;
        var instance = new NewInstance(id, row.Name, row.Version, row.Input, core.Now, null, row.Tags, null);
        return await core.WriteAsync(new CreateInstance(instance, NotEnded, core.Created, core.Delivered), cancellation).ConfigureAwait(false);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool HasEnded(OrchestrationStatus status) =>
        status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;

    private static HashSet<OrchestrationStatus> RefuseWhen(IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return NotEnded;
        }

        HashSet<OrchestrationStatus> statuses = [.. names.Select(name => Enum.TryParse<OrchestrationStatus>(name, ignoreCase: true, out var status)
            ? status
            : throw new ArgumentException($"Invalid orchestration runtime status: '{name}' for deduplication."))];
        if (statuses.Contains(OrchestrationStatus.Terminated) && !statuses.IsSupersetOf(NotEnded))
        {
            throw new ArgumentException(
                "The de-duplication statuses contradict each other: a running instance would be terminated to reuse its id, "
                + "which 'Terminated' forbids. Leave out 'Terminated', or add 'Pending', 'Running' and 'Suspended'.");
        }

        return statuses;
    }

    private Task<bool> SendAsync(string instanceId, HistoryEvent message, CancellationToken cancellation)
    {
        var core = engine();
        message.Timestamp = core.Now;
        return core.WriteAsync(new SendMessage(instanceId, message, core.Delivered), cancellation);
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, bool withData, Func<InstanceRow, bool> isThere, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var core = engine();
        var row = await core.Waiters.WaitFor(
            instanceId,
            () => core.Reader.FindInstance(instanceId, withData) is { } found && isThere(found) ? found : null,
            cancellation).ConfigureAwait(false);
        return Describe(row, withData);
    }

    private OrchestrationMetadata Describe(InstanceRow row, bool withData) => new(row.Name, row.Id)
    {
        DataConverter = withData ? converter : null,
        RuntimeStatus = (OrchestrationRuntimeStatus)(int)row.Status,
        CreatedAt = new DateTimeOffset(row.Created, TimeSpan.Zero),
        LastUpdatedAt = new DateTimeOffset(row.Updated, TimeSpan.Zero),
        SerializedInput = row.Input,
        SerializedOutput = row.Output,
        SerializedCustomStatus = row.CustomStatus,
        FailureDetails = row.Failure?.ToTaskFailureDetails(),
        Tags = row.Tags ?? new Dictionary<string, string>(),
    };

    private static string Token(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string token) => long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ArgumentException($"'{token}' is not a continuation token of this engine.");
}
