using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

/// <summary>
/// Receiver and journey meet in every order their storage calls can take, and each of them dies before or after any of its calls and then
/// tries again, as OMS and the engine make them do. Whatever happens, the journey gets the event.
/// </summary>
public sealed class InboxRaceTests(Azurite azurite)
{
    /// <summary>Insert, read listeners, mark.</summary>
    private const int ReceiverCalls = 3;

    /// <summary>Join the listeners, read events, mark.</summary>
    private const int JourneyCalls = 3;

    [Fact]
    public async Task Every_order_and_every_crash_the_journey_gets_the_event()
    {
        var schedules = Schedules().ToList();
        var tables = Enumerable.Range(0, 4).Select(_ => azurite.TablesAsync()).ToList();
        await Task.WhenAll(tables);
        var lost = new List<string>();
        await Parallel.ForEachAsync(schedules.Index(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (schedule, _) =>
        {
            var got = await RunAsync(schedule.Item, $"ci_{schedule.Index}");
            if (!got)
                lock (lost)
                    lost.Add(schedule.Item.ToString());
        });
        schedules.Should().HaveCountGreaterThan(200);
        lost.Should().BeEmpty();

        async Task<bool> RunAsync(Schedule schedule, string cashInId)
        {
            var turns = new Turns(schedule.Order);
            var prefix = tables[0].Result.Inbox.Name[..^"Inbox".Length];
            Inbox Side(bool receiver) => new(
                azurite.Tables(
                    prefix, new Gate(turns, receiver, schedule.CrashOf(receiver))), TimeProvider.System, NullLogger<Inbox>.Instance);
            var journeys = new JourneyRecorder().With("journey");
            var received = Events.CashInCompleted("whd_1", cashInId);

            async Task Receive(Inbox inbox)
            {
                if (await inbox.StoreAsync(received, default)
                    || (await inbox.FindAsync(cashInId, "whd_1", default))!.State == InboxState.Waiting)
                    await inbox.DeliverAsync(received, journeys.Client, default);
            }

            async Task<bool> Listen(Inbox inbox) => (await inbox.ListenAsync(cashInId, "journey", default)).Count > 0;

            var (receiver, journey) = (Side(receiver: true), Side(receiver: false));
            var receiving = UntilItWorks(turns, receiver: true, async () =>
            {
                await Receive(receiver);
                return true;
            });
            var listening = UntilItWorks(turns, receiver: false, () => Listen(journey));
            await Task.WhenAll(receiving, listening);
            return listening.Result || journeys.Of("journey").Count > 0;
        }
    }

    private static async Task<bool> UntilItWorks(Turns turns, bool receiver, Func<Task<bool>> attempt)
    {
        try
        {
            while (true)
            {
                try
                {
                    return await attempt();
                }
                catch (CrashException)
                {
                    // The next attempt starts over.
                }
            }
        }
        finally
        {
            turns.Leave(receiver);
        }
    }

    private static IEnumerable<Schedule> Schedules()
    {
        (bool Receiver, int Call, bool AfterEffect)?[] crashes =
        [
            null,
            .. Enumerable.Range(0, ReceiverCalls).SelectMany(call => ((bool, int, bool)?[])[(true, call, false), (true, call, true)]),
            .. Enumerable.Range(0, JourneyCalls).SelectMany(call => ((bool, int, bool)?[])[(false, call, false), (false, call, true)]),
        ];
        foreach (var order in Orders(ReceiverCalls, JourneyCalls))
            foreach (var crash in crashes)
                yield return new Schedule([.. order], crash);
    }

    private static IEnumerable<IEnumerable<bool>> Orders(int receiver, int journey)
    {
        if (receiver == 0 && journey == 0)
            return [[]];
        var first = receiver > 0 ? Orders(receiver - 1, journey).Select(rest => rest.Prepend(true)) : [];
        var second = journey > 0 ? Orders(receiver, journey - 1).Select(rest => rest.Prepend(false)) : [];
        return first.Concat(second);
    }

    private sealed record Schedule(bool[] Order, (bool Receiver, int Call, bool AfterEffect)? Crash)
    {
        public (int Call, bool AfterEffect)? CrashOf(bool receiver)
            => Crash is { } crash && crash.Receiver == receiver ? (crash.Call, crash.AfterEffect) : null;

        public override string ToString() => $"{string.Concat(Order.Select(receiver => receiver ? 'R' : 'J'))} crash {Crash}";
    }

    private sealed class CrashException : Exception;

    /// <summary>
    /// Lets the two sides make their calls in the given order; when it is used up, or the side whose turn it is has left, in any.
    /// </summary>
    private sealed class Turns(bool[] order)
    {
        private readonly Lock _gate = new();
        private readonly List<(bool Receiver, TaskCompletionSource Turn)> _waiting = [];
        private readonly HashSet<bool> _left = [];
        private int _next;
        private bool _busy;

        public Task EnterAsync(bool receiver)
        {
            lock (_gate)
            {
                var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((receiver, turn));
                Grant();
                return turn.Task;
            }
        }

        public void Exit()
        {
            lock (_gate)
            {
                _busy = false;
                Grant();
            }
        }

        public void Leave(bool receiver)
        {
            lock (_gate)
            {
                _left.Add(receiver);
                Grant();
            }
        }

        private void Grant()
        {
            while (_next < order.Length && _left.Contains(order[_next]))
                _next++;
            if (_busy || _waiting.Count == 0)
                return;
            var index = _next < order.Length ? _waiting.FindIndex(side => side.Receiver == order[_next]) : 0;
            if (index < 0)
                return;
            var turn = _waiting[index].Turn;
            _waiting.RemoveAt(index);
            _next++;
            _busy = true;
            turn.SetResult();
        }
    }

    /// <summary>Makes one side's storage calls wait for their turn, and kills the side at one of them, once.</summary>
    private sealed class Gate(Turns turns, bool receiver, (int Call, bool AfterEffect)? crash) : HttpPipelineTransport
    {
        private readonly HttpClientTransport _inner = HttpClientTransport.Shared;
        private int _calls;

        public override Request CreateRequest() => _inner.CreateRequest();

        public override void Process(HttpMessage message) => throw new NotSupportedException("The inbox calls asynchronously.");

        public override async ValueTask ProcessAsync(HttpMessage message)
        {
            await turns.EnterAsync(receiver);
            try
            {
                var here = crash is { } planned && _calls++ == planned.Call ? crash : null;
                if (here is { AfterEffect: false })
                    throw new CrashException();
                await _inner.ProcessAsync(message);
                if (here is { AfterEffect: true })
                    throw new CrashException();
            }
            finally
            {
                turns.Exit();
            }
        }
    }
}
