using System.Collections.Concurrent;
using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using Microsoft.Extensions.Time.Testing;

namespace DurableTask.Sqlite.Tests;

/// <summary>
/// A scenario with activities, a fan-out, timers, events, sub-orchestrations, messages between instances and continue-as-new, on a clock
/// that jumps and in an order that a seed decides. When the service is killed it is opened again on the same file; when it refuses,
/// clients try again.
/// </summary>
internal sealed class Simulation(int seed, Action<TestSeams, int> faults) : IWorkGate, IDisposable
{
    public const string Expected = "a|b1b2b3|child:c3c2c1end|321|e0e1e2|on time|last";

    public static readonly string[] Activities = ["a", "b1", "b2", "b3", "c1", "c2", "c3", "last", "late"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dt-sim-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Random _random = new(seed);
    private readonly SemaphoreSlim _idle = new(0);
    private bool _open;

    /// <summary>How often each activity ran.</summary>
    public ConcurrentDictionary<string, int> Ran { get; } = new();

    /// <summary>How often the service was opened.</summary>
    public int Lives { get; private set; }

    /// <summary>Transactions of the first life.</summary>
    public long Commits { get; private set; }

    /// <summary>What was handed out, in order.</summary>
    public List<string> Order { get; } = [];

    public int MaxCached { get; init; } = 100;

    /// <summary>What came of it: the result of the root and of the peer.</summary>
    public async Task<(string Root, string Peer)> RunAsync()
    {
        while (true)
        {
            Lives++;
            await using var hub = Open();
            if (await LiveAsync(hub) is { } result)
            {
                return result;
            }
        }
    }

    public int Choose(IReadOnlyList<ReadyWork> ready, int handedOut)
    {
        if (handedOut > 0 || !_open)
        {
            return -1;
        }

        var chosen = _random.Next(ready.Count);
        Order.Add(ready[chosen].ToString());
        return chosen;
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _idle.Dispose();
    }

    private Hub Open()
    {
        var life = Lives;
        return new Hub(
            options =>
            {
                options.Clock = _clock;
                options.MaxCachedInstances = MaxCached;
                options.Seams.Relaxed = true;
                options.Seams.Gate = this;
                options.Seams.Idle = () => _idle.Release();
                if (life == 1)
                {
                    faults(options.Seams, life);
                    var own = options.Seams.BeforeCommit;
                    options.Seams.BeforeCommit = n =>
                    {
                        Commits = n;
                        own?.Invoke(n);
                    };
                }
            },
            _folder)
            .Orchestration("Root", Root)
            .Orchestration("Child", Child)
            .Orchestration("Peer", Peer)
            .Activity("Work", name =>
            {
                Ran.AddOrUpdate(name, 1, (_, times) => times + 1);
                return name;
            })
            .Activity("Punctual", due =>
                _clock.GetUtcNow() >= DateTimeOffset.Parse(due, CultureInfo.InvariantCulture) ? "on time" : "early");
    }

    /// <returns><see langword="null"/> when the service was killed.</returns>
    private async Task<(string, string)?> LiveAsync(Hub hub)
    {
        try
        {
            // What the client asks for is asked before anything runs, so that the order repeats.
            _open = false;
            await hub.StartAsync();
            await ClientAsync(() => BeginAsync(hub, "Peer", "0"), hub);
            await ClientAsync(() => BeginAsync(hub, "Root", string.Empty), hub);
            for (var n = 0; n < 3; n++)
            {
                // At least once, as a webhook would: the receiver knows what it has seen.
                var name = $"e{n}";
                await ClientAsync(() => hub.Client.RaiseEventAsync(new OrchestrationInstance { InstanceId = "root" }, "e", name), hub);
            }

            _open = true;
            hub.Service.Reconsider();
            while (true)
            {
                hub.Service.Crashed.IsCompleted.Should().BeFalse();
                if (End(hub, "root") is { } root && End(hub, "peer") is { } peer)
                {
                    return (root, peer);
                }

                await JumpAsync(hub);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException || (hub.Service.Crashed.IsCompleted && e is not TimeoutException))
        {
            // The file is closed before the kill is told.
            await hub.Service.Crashed.WaitAsync(Eventually.Patience);
            return null;
        }
    }

    private async Task JumpAsync(Hub hub)
    {
        var patience = Task.Delay(Eventually.Patience);
        while (!hub.Service.IsIdle)
        {
            var signal = _idle.WaitAsync();
            await Task.WhenAny(signal, hub.Service.Crashed, patience, Task.Delay(20));
            if (hub.Service.Crashed.IsCompleted)
            {
                throw new SimulatedCrashException("while it was waited for");
            }

            if (patience.IsCompleted)
            {
                throw new TimeoutException("The service does not come to rest.");
            }
        }

        if (End(hub, "root") is null || End(hub, "peer") is null)
        {
            var next = hub.Service.NextTimerAt
                ?? throw new InvalidOperationException("Nothing can happen any more, and the run has not ended.");
            if (next > _clock.GetUtcNow())
            {
                _clock.SetUtcNow(next);
            }
        }
    }

    private static Task<OrchestrationInstance> BeginAsync(Hub hub, string name, string input)
        => hub.Client.CreateOrchestrationInstanceAsync(
            name, string.Empty, name.ToLowerInvariant(), input, null, Enum.GetValues<OrchestrationStatus>());

    private static async Task ClientAsync(Func<Task> request, Hub hub)
    {
        while (true)
        {
            try
            {
                await request();
                return;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return;
            }
            catch (IOException) when (!hub.Service.Crashed.IsCompleted)
            {
                // The store refused; it is asked again.
            }
        }
    }

    private static string? End(Hub hub, string id)
    {
        var state = hub.Service.FindState(id, withInputsAndOutputs: true);
        return state?.OrchestrationStatus switch
        {
            OrchestrationStatus.Completed => System.Text.Json.JsonSerializer.Deserialize<string>(state.Output),
            null or OrchestrationStatus.Pending or OrchestrationStatus.Running => null,
            var other => $"{other}: {state.Output}",
        };
    }

    private static async Task<string> Root(OrchestrationContext context, string input)
    {
        var flow = Flow.Current;
        var a = await context.ScheduleTask<string>("Work", string.Empty, "a");
        var b = string.Concat(await Task.WhenAll(
            Enumerable.Range(1, 3).Select(i => context.ScheduleTask<string>("Work", string.Empty, $"b{i}"))));
        var child = await context.CreateSubOrchestrationInstance<string>("Child", string.Empty, "child", "3");

        // What orchestrations send arrives once, in order.
        var pings = string.Empty;
        while (pings.Length < 3)
        {
            pings += await flow.EventAsync("ping");
        }

        var seen = new SortedSet<string>(StringComparer.Ordinal);
        while (seen.Count < 3)
        {
            seen.Add(await flow.EventAsync("e"));
        }

        var due = context.CurrentUtcDateTime.AddHours(1);
        await context.CreateTimer(due, string.Empty);
        var onTime = await context.ScheduleTask<string>("Punctual", string.Empty, due.ToString("O"));

        // A wait that a message ends before its timer.
        using var limit = new CancellationTokenSource();
        var timer = context.CreateTimer(context.CurrentUtcDateTime.AddDays(1), string.Empty, limit.Token);
        context.SendEvent(new OrchestrationInstance { InstanceId = "peer" }, "question", "late");
        var answer = flow.EventAsync("answer");
        if (await Task.WhenAny(answer, timer) == timer)
        {
            return "no answer";
        }

        limit.Cancel();
        var last = await context.ScheduleTask<string>("Work", string.Empty, "last");
        return $"{a}|{b}|child:{child}|{pings}|{string.Concat(seen)}|{onTime}|{last}";
    }

    private static async Task<string> Child(OrchestrationContext context, string input)
    {
        var left = int.Parse(input[..1]);
        var so = input[1..];
        if (left == 0)
        {
            return so + "end";
        }

        var step = await context.ScheduleTask<string>("Work", string.Empty, $"c{left}");
        context.SendEvent(new OrchestrationInstance { InstanceId = "root" }, "ping", $"{left}");
        await context.CreateTimer(context.CurrentUtcDateTime.AddMinutes(10), string.Empty);
        context.ContinueAsNew($"{left - 1}{so}{step}");
        return string.Empty;
    }

    /// <summary>Continues as new with every question; the events that nobody waited for go along.</summary>
    private static async Task<string> Peer(OrchestrationContext context, string input)
    {
        var flow = Flow.Current;
        if (input == "2")
        {
            return "done";
        }

        if (input == "1")
        {
            context.SendEvent(new OrchestrationInstance { InstanceId = "root" }, "answer", "yes");
            context.ContinueAsNew("2");
            return string.Empty;
        }

        var question = await flow.EventAsync("question");
        await context.ScheduleTask<string>("Work", string.Empty, question);
        context.ContinueAsNew("1");
        return string.Empty;
    }
}
