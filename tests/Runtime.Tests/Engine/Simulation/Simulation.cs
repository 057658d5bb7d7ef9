using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Local.Runtime.Engine;
using OmsWorkflows.Local.Runtime.Engine.Dispatch;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Tests.Engine.Simulation;

/// <summary>One repeatable run of an orchestration with a client, under faults: same seed, same run.</summary>
internal sealed class Simulation : IDisposable
{
    private const int MaxSteps = 200_000;
    private const string InstanceId = "root";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("simulation-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly DurableTaskRegistry _registry = new();
    private readonly SimulatedFaults _faults;
    private readonly Random _random;
    private EngineCore? _core;
    private SeededScheduler? _scheduler;
    private int _steps;

    public Simulation(int seed, Func<Random, SimulatedFaults> faults, Action<DurableTaskRegistry, TimeProvider> tasks)
    {
        _random = new Random(seed);
        _faults = faults(_random);
        _faults.DatabasePath = Path.Combine(_directory.FullName, "durable.db");
        tasks(_registry, _clock);
    }

    /// <summary>Whether a fault happened.</summary>
    public bool Struck => _faults.Struck;

    /// <summary>Times the engine was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Starts the orchestration, sends it numbered events until each was accepted, and drives it to its end.</summary>
    public InstanceRow Run(string orchestrator, int events)
    {
        // A client that gets no answer asks again: the start and every event happen at least once.
        Insist(core => new CreateInstance(
            new NewInstance(InstanceId, orchestrator, string.Empty, null, core.Now, null, null, null),
            new HashSet<OrchestrationStatus> { OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Completed },
            core.Created,
            core.Delivered).SendTo(core));
        for (var n = 0; n < events; n++)
        {
            var number = n;
            Insist(core => new SendMessage(
                InstanceId,
                new EventRaisedEvent(-1, $"{number}") { Name = "e", Timestamp = core.Now },
                core.Delivered).SendTo(core));
        }

        while (true)
        {
            var core = Engine();
            if (core.Reader.FindInstance(InstanceId, withData: true) is
                { Status: OrchestrationStatus.Completed or OrchestrationStatus.Failed } row && !Step())
            {
                return row;
            }

            if (!Step())
            {
                PassTime(core);
            }
        }
    }

    public void Dispose()
    {
        _core?.Dispose();
        _services.Dispose();
        _directory.Delete(recursive: true);
    }

    private void Insist(Func<EngineCore, Task> request)
    {
        while (true)
        {
            var core = Engine();
            var answer = request(core);
            while (!answer.IsCompleted && !core.IsDead)
            {
                if (!Step())
                {
                    PassTime(core);
                }
            }

            if (answer.IsCompletedSuccessfully || answer.Exception?.InnerException is OrchestrationAlreadyExistsException)
            {
                return;
            }
        }
    }

    /// <summary>The engine, started anew when it was killed.</summary>
    private EngineCore Engine()
    {
        if (_core is { IsDead: false })
        {
            return _core;
        }

        _core?.Dispose();
        Starts++;
        _scheduler = new SeededScheduler(_random);
        _core = new EngineCore(new EngineParts
        {
            Options = new DurableEngineOptions
            {
                DatabasePath = _faults.DatabasePath,
                Durable = false,
                MaxCachedExecutions = _random.Next(3),
                MaxConcurrentActivities = 3,
            },
            Registry = _registry,
            Converter = JsonDataConverter.Default,
            DefaultVersion = string.Empty,
            Clock = _clock,
            RetryClock = _clock,
            Services = _services,
            Loggers = NullLoggerFactory.Instance,
            Seam = _faults,
            Scheduler = () => _scheduler,
        });
        _core.Recover();
        return _core;
    }

    private bool Step()
    {
        (++_steps).Should().BeLessThan(MaxSteps, "the run comes to an end");
        return _scheduler!.Step();
    }

    /// <summary>Nothing can run: first what was put off after a fault, then the next durable timer.</summary>
    private void PassTime(EngineCore core)
    {
        _clock.Advance(TimeSpan.FromSeconds(6));
        if (!core.IsDead && core.Timers.NextDue is { } due && due > core.Now && _random.Next(4) == 0)
        {
            _clock.SetUtcNow(new DateTimeOffset(due, TimeSpan.Zero));
        }
    }
}

internal static class SimulatedRequests
{
    /// <summary>Hands a request to the writer and gives its answer.</summary>
    public static Task SendTo<T>(this WriteWork<T> work, EngineCore core)
    {
        core.Writer.Enqueue(work);
        return work.Done;
    }
}
