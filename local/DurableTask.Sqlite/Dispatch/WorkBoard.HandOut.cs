namespace DurableTask.Sqlite.Dispatch;

/// <content>How work gets to those who wait for some.</content>
internal sealed partial class WorkBoard
{
    /// <summary>Hands out what is ready to those who wait.</summary>
    public void Pump()
    {
        lock (_gate)
        {
            if (_closed)
                return;

            if (seams.Gate is { } gate)
                HandOutChosen(gate);
            else
                HandOutInOrder();
        }

        if (seams.Idle is { } idle && IsIdle)
            idle();
    }

    /// <summary>Calls, if it is idle, and stays so meanwhile.</summary>
    public void WhenIdle(Action act)
    {
        lock (_gate)
        {
            if (IsIdle)
                act();
        }
    }

    private async Task<T?> TakeAsync<T>(WorkLine<T> line, TimeSpan timeout, CancellationToken cancellation)
        where T : Work
    {
        LinkedListNode<TaskCompletionSource<T?>> waiter;
        lock (_gate)
        {
            if (_closed)
                return null;

            waiter = line.Wait();
        }

        Pump();
        if (waiter.Value.Task.IsCompleted)
            return await waiter.Value.Task.ConfigureAwait(false);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        await using var registration = limit.Token.Register(() =>
        {
            lock (_gate)
                line.Leave(waiter);
        }).ConfigureAwait(false);
        return await waiter.Value.Task.ConfigureAwait(false);
    }

    private void HandOutInOrder()
    {
        while (_orchestrations.IsAwaited && _orchestrations.Ready > 0)
            HandOut(_orchestrations.TakeFirst());

        while (_activities.IsAwaited && _activities.Ready > 0)
            HandOut(_activities.TakeFirst());
    }

    private void HandOutChosen(IWorkGate gate)
    {
        while (pendingWrites() == 0 && _orchestrations.IsAwaited && _activities.IsAwaited && _orchestrations.Ready + _activities.Ready > 0)
        {
            List<ReadyWork> ready =
                [.. _orchestrations.Items.Select(slot => slot.Describe()), .. _activities.Items.Select(slot => slot.Describe())];
            var chosen = gate.Choose(ready, _out);
            if (chosen < 0)
                return;

            if (chosen < _orchestrations.Ready)
                HandOut(_orchestrations.TakeAt(chosen));
            else
                HandOut(_activities.TakeAt(chosen - _orchestrations.Ready));
        }
    }

    private void HandOut(Slot slot)
    {
        slot.IsQueued = false;
        if (slot.IsGone)
            return;

        slot.IsOut = true;
        slot.Taken = slot.Messages;
        slot.Messages = [];
        slot.TakesFromDisk = slot.OnDisk;
        slot.OnDisk = false;
        _held -= slot.Taken.Count;
        _out++;
        _orchestrations.Give(slot);
    }

    private void HandOut(ActivitySlot activity)
    {
        _out++;
        _heldActivities -= activity.Message is null ? 0 : 1;
        _activities.Give(activity);
    }
}
