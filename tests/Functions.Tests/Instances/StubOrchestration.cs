using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.CashIns;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>
/// One orchestration: the real orchestrator, whose activities, signals and timers an actor of the interleaving serves. An activity whose
/// process died is run again, and one may run twice at a time, as the engine promises no more than at least once.
/// </summary>
internal sealed class StubOrchestration(StubEngine engine, string name, string instanceId, string input)
{
    /// <summary>As the worker carries things through the engine.</summary>
    public static readonly JsonSerializerOptions Json = new() { Converters = { new MoneyText() } };

    private readonly ConcurrentQueue<string> _signals = new();

    public string Name => name;

    public string? CustomStatus { get; private set; }

    public Exception? Failure { get; private set; }

    public bool IsOver { get; private set; }

    /// <summary>When its next timer fires, while it waits.</summary>
    public DateTimeOffset? WakesAt { get; private set; }

    public JourneyStatus? Status => CustomStatus is { } status ? JsonSerializer.Deserialize<JourneyStatus>(status, Json) : null;

    /// <summary>How many signals lie in its mailbox.</summary>
    public int Received => _signals.Count;

    public void Raise(object signal) => _signals.Enqueue(JsonSerializer.Serialize(signal, Json));

    public async Task RunAsync()
    {
        var next = input;
        try
        {
            while (next is not null)
                next = await ExecuteAsync(next);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        IsOver = true;
        WakesAt = null;
    }

    /// <summary>Runs until it ends, which answers null, or continues as new with another input.</summary>
    private async Task<string?> ExecuteAsync(string with)
    {
        var context = new Context(this);
        var turn = new Turn();
        var run = turn.Do(() => Begin(context, with));
        while (!run.IsCompleted)
        {
            if (context.Calls.TryDequeue(out var call))
                await call(turn);
            else if (context.Wait is { } wait && _signals.TryDequeue(out var signal))
                turn.Do(() => context.Receive(wait, signal));
            else if (context.Timers.Find(timer => timer.At <= engine.Clock.GetUtcNow()) is { } due)
                turn.Do(() => context.Fire(due));
            else
                await WaitAsync(context);
        }

        await run;
        return context.ContinuesWith;
    }

    private async Task WaitAsync(Context context)
    {
        WakesAt = context.Timers.Count == 0 ? null : context.Timers.Min(timer => timer.At);
        await Interleaving.SurvivingAsync(async () =>
        {
            await Interleaving.PauseAsync();
            return true;
        });
        WakesAt = null;
    }

    private Task<JourneyStatus> Begin(Context context, string with) => name switch
    {
        CashInWorkflow.Name => CashInWorkflow.RunAsync(context, JsonSerializer.Deserialize<CashInInput>(with, Json)!),
        OnboardingWorkflow.Name => OnboardingWorkflow.RunAsync(context, JsonSerializer.Deserialize<OnboardingInput>(with, Json)!),
        PayoutWorkflow.Name => PayoutWorkflow.RunAsync(context, JsonSerializer.Deserialize<PayoutInput>(with, Json)!),
        _ => throw new InvalidOperationException($"There is no orchestrator {name}."),
    };

    private async Task<object?> CallAsync(string activity, object? argument)
    {
        var text = JsonSerializer.Serialize(argument, Json);
        if (engine.Interleaving.RunsTwice())
            engine.Interleaving.Add($"{instanceId[..3]}/{activity}'", () => engine.Activities.RunAsync(activity, text, Json));
        return await Interleaving.SurvivingAsync(() => engine.Activities.RunAsync(activity, text, Json));
    }

    private sealed record Timer(DateTimeOffset At, TaskCompletionSource Fired);

    /// <summary>Continuations of the orchestrator run one after the other, on whoever takes a turn.</summary>
    private sealed class Turn : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Call, object? State)> _posted = new();

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

        public void Do(Action work) => Do<object?>(() =>
        {
            work();
            return null;
        });

        public T Do<T>(Func<T> work)
        {
            var outer = Current;
            SetSynchronizationContext(this);
            try
            {
                var result = work();
                while (_posted.TryDequeue(out var posted))
                    posted.Call(posted.State);
                return result;
            }
            finally
            {
                SetSynchronizationContext(outer);
            }
        }
    }

    private sealed class Context(StubOrchestration of) : TaskOrchestrationContext
    {
        private int _guids;

        public Queue<Func<Turn, Task>> Calls { get; } = new();

        public List<Timer> Timers { get; } = [];

        public TaskCompletionSource<Signal>? Wait { get; private set; }

        public string? ContinuesWith { get; private set; }

        public override TaskName Name => new(of.Name);

        public override string InstanceId => of.InstanceId;

        public override ParentOrchestrationInstance? Parent => null;

        public override DateTime CurrentUtcDateTime => of.Clock.GetUtcNow().UtcDateTime;

        public override bool IsReplaying => false;

        protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

        public override T GetInput<T>() => throw new NotSupportedException();

        public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
        {
            var answered = new TaskCompletionSource<TResult>();
            Calls.Enqueue(async turn =>
            {
                object? result = null;
                Exception? failure = null;
                try
                {
                    result = await of.CallAsync(name.Name, input);
                }
                catch (Exception e)
                {
                    failure = new TaskFailedException(name.Name, 0, e);
                }

                // What was raised meanwhile came first.
                if (Wait is { } wait && of._signals.TryDequeue(out var signal))
                    turn.Do(() => Receive(wait, signal));
                turn.Do(() =>
                {
                    if (failure is null)
                        answered.SetResult((TResult)result!);
                    else
                        answered.SetException(failure);
                });
            });
            return await answered.Task;
        }

        public override Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null)
            => CallActivityAsync<object?>(name, input, options);

        public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
        {
            var timer = new Timer(new DateTimeOffset(DateTime.SpecifyKind(fireAt, DateTimeKind.Utc)), new TaskCompletionSource());
            Timers.Add(timer);
            cancellationToken.Register(() => Timers.Remove(timer));
            return timer.Fired.Task;
        }

        public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
        {
            eventName.Should().Be(Signal.EventName);
            Wait = new();
            return (Task<T>)(object)Wait.Task;
        }

        public void Receive(TaskCompletionSource<Signal> wait, string signal)
        {
            Wait = null;
            wait.SetResult(JsonSerializer.Deserialize<Signal>(signal, Json)!);
        }

        public void Fire(Timer due)
        {
            Timers.Remove(due);
            due.Fired.SetResult();
        }

        public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

        public override void SetCustomStatus(object? customStatus) => of.CustomStatus = JsonSerializer.Serialize(customStatus, Json);

        public override Task<TResult> CallSubOrchestratorAsync<TResult>(
            TaskName orchestratorName, object? input = null, TaskOptions? options = null) => throw new NotSupportedException();

        public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
            => ContinuesWith = JsonSerializer.Serialize(newInput, Json);

        public override Guid NewGuid() => new(_guids++, 0, 0, new byte[8]);
    }

    private string InstanceId => instanceId;

    private TimeProvider Clock => engine.Clock;
}
