using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>
/// One run of an orchestrator, driven by its history: past events are replayed, new events move it on. It stays in memory between turns when
/// there is room; replayed from history it is in the same state.
/// </summary>
internal sealed class Execution
{
    private readonly ITaskOrchestrator _orchestrator;
    private readonly ReplaySettings _settings;
    private readonly Action<Execution> _foreignContinuation;
    private readonly OrchestratorThread _thread;
    private readonly Queue<HistoryEvent> _whileSuspended = new();
    private readonly OrchestrationContext _context;
    private Task<object?>? _result;
    private RunEnd? _termination;
    private volatile string? _violation;

    public Execution(RunHeader header, ITaskOrchestrator orchestrator, ReplaySettings settings, Action<Execution> foreignContinuation)
    {
        Header = header;
        _orchestrator = orchestrator;
        _settings = settings;
        _foreignContinuation = foreignContinuation;
        _thread = new OrchestratorThread(() => Violate(
            "The orchestrator awaited something that is not durable: its continuation came from another thread. "
            + "Await only tasks of the TaskOrchestrationContext; do I/O and delays in activities and durable timers."));
        _context = new OrchestrationContext(header, settings, _thread, Violate);
    }

    public RunHeader Header { get; }

    /// <summary>Repeats what was recorded.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The orchestrator took other steps.</exception>
    public void Replay(IEnumerable<HistoryEvent> past)
    {
        var previous = _thread.Enter();
        try
        {
            _context.SetReplaying(true);
            foreach (var e in past)
            {
                Process(e);
            }
        }
        finally
        {
            _thread.Leave(previous);
        }
    }

    /// <summary>Moves on by new events.</summary>
    public TurnOutcome Run(IReadOnlyList<HistoryEvent> fresh)
    {
        var previous = _thread.Enter();
        try
        {
            _context.SetReplaying(false);
            foreach (var e in fresh)
            {
                Process(e);
                if (_termination is not null)
                {
                    break;
                }
            }

            return Conclude();
        }
        finally
        {
            _thread.Leave(previous);
        }
    }

    /// <summary>Ends the run because it cannot be replayed or read.</summary>
    public TurnOutcome Abort(Exception reason) => new()
    {
        Steps = [],
        CancelledTimers = [],
        CustomStatus = _context.SerializeCustomStatus(),
        IsSuspended = false,
        End = Failed(reason),
    };

    private TurnOutcome Conclude()
    {
        var end = _termination ?? FindEnd();
        var restart = end is null ? FindRestart() : null;
        return new TurnOutcome
        {
            Steps = _context.TakeSteps(),
            CancelledTimers = _context.TakeCancelledTimers(),
            CustomStatus = _context.SerializeCustomStatus(),
            IsSuspended = _context.IsSuspended,
            End = end,
            Restart = restart,
        };
    }

    private RunEnd? FindEnd()
    {
        if (_violation is { } violation)
        {
            return Failed(new InvalidOperationException(violation));
        }

        if (_result is null || _context.IsSuspended)
        {
            return null;
        }

        if (!_result.IsCompleted)
        {
            return _context.CanGoOn
                ? null
                : Failed(new InvalidOperationException(
                    "The orchestrator waits for something that is not durable: no activity, timer, sub-orchestration or external event "
                    + "could ever wake it. Await only tasks of the TaskOrchestrationContext."));
        }

        // A run ends only when none of its tasks is open, also when it returned or threw before.
        if (_context.HasOpenTasks || (_context.Restart is not null && _result.IsCompletedSuccessfully))
        {
            return null;
        }

        return _result switch
        {
            { IsCompletedSuccessfully: true } => Completed(_result.Result),
            { IsCanceled: true } => Failed(new TaskCanceledException(_result)),
            _ => Failed(_result.Exception!.InnerException!),
        };
    }

    private StartOver? FindRestart() =>
        !_context.IsSuspended && !_context.HasOpenTasks && _result is { IsCompletedSuccessfully: true } && _context.Restart is { } restart
            ? restart with { StepId = _context.NextStepId() }
            : null;

    private RunEnd Completed(object? output)
    {
        try
        {
            return new RunEnd(_context.NextStepId(), OrchestrationStatus.Completed, _settings.Converter.Serialize(output), null);
        }
        catch (Exception e) when (!IsFatal(e))
        {
            return Failed(e);
        }
    }

    private RunEnd Failed(Exception e)
    {
        var failure = e is TaskFailedException task
            ? new FailureDetails(typeof(TaskFailedException).FullName!, e.Message, e.StackTrace, task.FailureDetails?.ToCore(), false)
            : new FailureDetails(e);
        return new RunEnd(_context.NextStepId(), OrchestrationStatus.Failed, e.Message, failure);
    }

    private void Process(HistoryEvent e)
    {
        switch (e)
        {
            case OrchestratorStartedEvent:
                _context.SetNow(e.Timestamp);
                return;
            case OrchestratorCompletedEvent:
                _context.EndReplayedTurn();
                return;
            case ExecutionResumedEvent:
                _context.Resume();
                while (_whileSuspended.TryDequeue(out var kept))
                {
                    Apply(kept);
                }

                return;
        }

        if (_context.IsSuspended && e is not ExecutionTerminatedEvent)
        {
            if (e is not ExecutionSuspendedEvent)
            {
                _whileSuspended.Enqueue(e);
            }

            return;
        }

        Apply(e);
    }

    private void Apply(HistoryEvent e)
    {
        switch (e)
        {
            case ExecutionStartedEvent:
                Start();
                break;
            case ExecutionTerminatedEvent terminated:
                _termination = new RunEnd(_context.NextStepId(), OrchestrationStatus.Terminated, terminated.Input, null);
                break;
            case ExecutionSuspendedEvent:
                _context.Suspend();
                break;
            case TaskCompletedEvent done:
                _context.Complete(done.TaskScheduledId, done.Result);
                break;
            case TaskFailedEvent failed:
                _context.Fail(failed.TaskScheduledId, failed.FailureDetails);
                break;
            case SubOrchestrationInstanceCompletedEvent done:
                _context.Complete(done.TaskScheduledId, done.Result);
                break;
            case SubOrchestrationInstanceFailedEvent failed:
                _context.Fail(failed.TaskScheduledId, failed.FailureDetails);
                break;
            case TimerFiredEvent fired:
                _context.Complete(fired.TimerId, null);
                break;
            case EventRaisedEvent raised:
                _context.Raise(raised);
                break;
            default:
                _context.Confirm(e);
                break;
        }

        _thread.Drain();
    }

    private void Start()
    {
        var input = _settings.Converter.Deserialize(Header.Input, _orchestrator.InputType);
        _context.SetInput(input);
        _result = _orchestrator.RunAsync(_context, input);
        _thread.Drain();
        _ = _result.ContinueWith(
            (_, state) => ((Execution)state!).NoteCompletion(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void NoteCompletion()
    {
        if (!_thread.IsCurrent)
        {
            Violate(
                "The orchestrator went on outside its own thread (ConfigureAwait(false), Task.Run, ContinueWith or a wait for something that "
                + "is not durable). Await only tasks of the TaskOrchestrationContext, without ConfigureAwait(false).");
        }
    }

    private void Violate(string report)
    {
        if (_violation is null)
        {
            _violation = report;
            _foreignContinuation(this);
        }
    }

    private static bool IsFatal(Exception e) => e is OutOfMemoryException or StackOverflowException;
}
