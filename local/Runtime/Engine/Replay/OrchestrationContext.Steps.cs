using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>The steps of the run: those taken in this turn, those confirmed by history, and the tasks that wait for an answer.</summary>
internal sealed partial class OrchestrationContext
{
    private readonly Dictionary<int, TaskCompletionSource<string?>> _openTasks = [];
    private readonly Dictionary<int, Step> _steps = [];
    private readonly List<Step> _heldBack = [];
    private readonly List<int> _cancelledTimers = [];
    private int _nextStep;

    public bool IsSuspended { get; private set; }

    public bool HasOpenTasks => _openTasks.Count > 0;

    /// <summary>Whether something could still wake an orchestrator that waits.</summary>
    public bool CanGoOn => HasOpenTasks || _events.HasOpenWait;

    /// <summary>Set once the orchestrator asked to start over.</summary>
    public StartOver? Restart { get; private set; }

    public int NextStepId() => _nextStep++;

    /// <summary>Takes the steps of this turn, in order.</summary>
    public List<Step> TakeSteps()
    {
        var steps = new List<Step>(_steps.Values);
        steps.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        _steps.Clear();
        return steps;
    }

    /// <summary>Takes the timers cancelled in this turn.</summary>
    public List<int> TakeCancelledTimers()
    {
        List<int> cancelled = [.. _cancelledTimers];
        _cancelledTimers.Clear();
        return cancelled;
    }

    /// <summary>Checks a recorded step against the one the orchestrator took.</summary>
    public void Confirm(HistoryEvent recorded)
    {
        if (recorded is ExecutionCompletedEvent)
        {
            return;
        }

        _steps.TryGetValue(recorded.EventId, out var taken);
        var same = (recorded, taken) switch
        {
            (TaskScheduledEvent e, ScheduleActivity s) => SameName(e.Name, s.Name),
            (SubOrchestrationInstanceCreatedEvent e, StartSubOrchestration s) => SameName(e.Name, s.Name),
            (EventSentEvent e, SendEventStep s) => SameName(e.Name, s.Name),
            (TimerCreatedEvent, CreateTimerStep) => true,
            _ => false,
        };
        if (!same)
        {
            throw NonDeterminism.Mismatch(recorded, taken);
        }

        _steps.Remove(recorded.EventId);
    }

    /// <summary>A recorded turn is over: every step the code took in it must have been in it.</summary>
    public void EndReplayedTurn()
    {
        if (_isReplaying && _steps.Count > 0)
        {
            throw NonDeterminism.Surplus(_steps.Values.MinBy(static step => step.Id)!);
        }

        _cancelledTimers.Clear();
    }

    public void Complete(int stepId, string? result)
    {
        // An answer nobody waits for is a duplicate, or belongs to a cancelled timer.
        if (_openTasks.Remove(stepId, out var task))
        {
            task.SetResult(result);
        }
    }

    public void Fail(int stepId, FailureDetails? failure)
    {
        if (_openTasks.Remove(stepId, out var task))
        {
            task.SetException(new RemoteTaskFailure(stepId, failure?.ToTaskFailureDetails(), failure?.IsNonRetriable == true));
        }
    }

    public void Raise(EventRaisedEvent raised)
    {
        if (Restart is { } restart)
        {
            restart.CarriedOver.Add(raised);
        }
        else
        {
            _events.Raise(raised.Name!, raised.Input);
        }
    }

    /// <summary>Halts the run: steps taken but not recorded are held back.</summary>
    public void Suspend()
    {
        IsSuspended = true;
        _heldBack.AddRange(_steps.Values);
        _steps.Clear();
    }

    public void Resume()
    {
        IsSuspended = false;
        foreach (var step in _heldBack)
        {
            _steps.Add(step.Id, step);
        }

        _heldBack.Clear();
    }

    private static bool SameName(string? recorded, string taken) => string.Equals(recorded, taken, StringComparison.OrdinalIgnoreCase);

    private void Take(Step step) => _steps.Add(step.Id, step);

    private Task<string?> Open(int stepId)
    {
        var task = new TaskCompletionSource<string?>();
        _openTasks.Add(stepId, task);
        return task.Task;
    }

    private async Task<T> ScheduleActivity<T>(string name, string version, object? input, IDictionary<string, string>? tags)
    {
        // The published SDK writes the input as the only element of an array; the activity's side takes it out again.
        var step = new ScheduleActivity(NextStepId(), name, version, settings.Converter.Serialize(new[] { input }), tags);
        Take(step);
        return Read<T>(await Open(step.Id));
    }

    private async Task<T> StartSubOrchestration<T>(
        string name, string version, string instanceId, object? input, IDictionary<string, string>? tags)
    {
        var step = new StartSubOrchestration(NextStepId(), name, version, instanceId, settings.Converter.Serialize(input), tags);
        Take(step);
        return Read<T>(await Open(step.Id));
    }

    private Task<string?> CreateSingleTimer(DateTime due, CancellationToken cancellationToken)
    {
        var id = NextStepId();
        Take(new CreateTimerStep(id, due));
        var task = Open(id);
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() => Cancel(id));
        }

        return task;
    }

    private void Cancel(int timerId)
    {
        if (_openTasks.Remove(timerId, out var task))
        {
            _cancelledTimers.Add(timerId);
            task.TrySetCanceled();
        }
    }

    private void StartOverWith(ContinueAsNewOptions options)
    {
        Restart = new StartOver(-1, settings.Converter.Serialize(options.NewInput), options.NewVersion, []);
        if (options.PreserveUnprocessedEvents)
        {
            foreach (var (name, payload) in _events.TakeBuffered())
            {
                Restart.CarriedOver.Add(new EventRaisedEvent(-1, payload) { Name = name, Timestamp = _now });
            }
        }
    }

    private T Read<T>(string? data) => settings.Converter.Deserialize<T>(data)!;
}
