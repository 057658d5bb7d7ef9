using DurableTask.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Conformance;

/// <summary>
/// The published engine over the SQLite provider, for one behaviour. The tests see only the public API, so a
/// <see cref="Behaviour"/> can run over another engine.
/// </summary>
internal sealed class ConformanceEngine : IAsyncDisposable
{
    /// <summary>Far beyond what any behaviour takes: a wait that reaches it is a wait that would never end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DurableTaskTestHost? _host;
    private readonly CancellationTokenSource _limit;

    private ConformanceEngine(DurableTaskClient client, DurableTaskTestHost? host = null)
    {
        _host = host;
        Client = client;
        _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _limit.CancelAfter(Patience);
    }

    public DurableTaskClient Client { get; }

    public static async Task<ConformanceEngine> StartAsync(
        Action<DurableTaskRegistry> tasks,
        Action<IServiceCollection>? services = null,
        ILoggerFactory? logs = null)
    {
        if (Behaviour.OtherEngine is { } other)
            return new(other(tasks));

        var options = new DurableTaskTestHostOptions { ConfigureServices = services, LoggerFactory = logs };
        var host = await DurableTaskTestHost.StartAsync(tasks, options, TestContext.Current.CancellationToken);
        return new(host.Client, host);
    }

    public Task<string> ScheduleAsync(TaskName name, object? input = null, StartOrchestrationOptions? options = null)
        => Client.ScheduleNewOrchestrationInstanceAsync(name, input, options, _limit.Token);

    public Task<string> ScheduleAsAsync(string instanceId, TaskName name, object? input = null)
        => ScheduleAsync(name, input, new StartOrchestrationOptions(instanceId));

    /// <summary>Waits for the end of an instance.</summary>
    public Task<OrchestrationMetadata> EndOfAsync(string instanceId)
        => Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, _limit.Token);

    /// <summary>Runs an orchestration to its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(TaskName name, object? input = null)
        => await EndOfAsync(await ScheduleAsync(name, input));

    /// <summary>Runs an orchestration that is to succeed, and gives its output.</summary>
    public async Task<T> ResultAsync<T>(TaskName name, object? input = null) => Result<T>(await RunAsync(name, input));

    /// <summary>Waits for an instance that is to succeed, and gives its output.</summary>
    public async Task<T> ResultOfAsync<T>(string instanceId) => Result<T>(await EndOfAsync(instanceId));

    public Task RaiseAsync(string instanceId, string eventName, object? payload = null)
        => Client.RaiseEventAsync(instanceId, eventName, payload, _limit.Token);

    public async Task<OrchestrationMetadata> GetAsync(string instanceId)
        => await Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, _limit.Token)
        ?? throw new InvalidOperationException($"There is no instance {instanceId}.");

    /// <summary>Looks at an instance until the condition holds.</summary>
    public async Task<OrchestrationMetadata> UntilAsync(string instanceId, Func<OrchestrationMetadata, bool> condition)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        do
        {
            if (await Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, _limit.Token) is { } found && condition(found))
                return found;
        }
        while (await pace.WaitForNextTickAsync(_limit.Token));

        throw new InvalidOperationException("The timer has been disposed.");
    }

    /// <summary>Looks at an instance until the orchestrator has set a custom status, which tells how far it is.</summary>
    public Task UntilStatusAsync(string instanceId, string customStatus)
        => UntilAsync(instanceId, found => found.SerializedCustomStatus == $"\"{customStatus}\"");

    /// <summary>
    /// Starts an orchestration that sets a status when it waits for a timer, and suspends it before the timer fires. Where that is too fast
    /// for the machine it is done again with a longer one.
    /// </summary>
    /// <returns>The instance, and a time after which its timer has fired.</returns>
    public async Task<(string Id, TimeSpan Fired)> SuspendedBeforeTimerAsync(TaskName name, string customStatus)
    {
        for (var timer = TimeSpan.FromMilliseconds(500); ; timer *= 4)
        {
            var id = await ScheduleAsync(name, timer);
            await UntilStatusAsync(id, customStatus);
            try
            {
                await Client.SuspendInstanceAsync(id, cancellation: _limit.Token);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.FailedPrecondition)
            {
                // It has ended, and the host says so; the engine in this process passes over it.
                continue;
            }

            var found = await UntilAsync(
                id, found => found.RuntimeStatus is OrchestrationRuntimeStatus.Suspended or OrchestrationRuntimeStatus.Completed);
            if (found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended)
                return (id, timer + TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Awaits a task no longer than the engine is given.</summary>
    public Task<T> WithinLimitAsync<T>(Task<T> task) => task.WaitAsync(_limit.Token);

    public async ValueTask DisposeAsync()
    {
        _limit.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
    }

    private static T Result<T>(OrchestrationMetadata ended)
    {
        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed, "the failure is {0}", ended.FailureDetails);
        return ended.ReadOutputAs<T>()!;
    }
}
