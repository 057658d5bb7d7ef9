using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Local.Runtime.Engine.Replay;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>What an engine is made of; a test replaces the scheduler, the clock and the fault seam.</summary>
internal sealed record EngineParts
{
    public required DurableEngineOptions Options { get; init; }

    public required DurableTaskRegistry Registry { get; init; }

    public required DataConverter Converter { get; init; }

    public required string DefaultVersion { get; init; }

    public DurableTaskWorkerOptions.VersioningOptions? Versioning { get; init; }

    public required TimeProvider Clock { get; init; }

    public required IServiceProvider Services { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Measures the pause after a failed transaction; the system's clock also where the engine's is a test's.</summary>
    public TimeProvider RetryClock { get; init; } = TimeProvider.System;

    public FaultSeam Seam { get; init; } = FaultSeam.None;

    public Func<EngineScheduler>? Scheduler { get; init; }

    public EngineScheduler CreateScheduler() => Scheduler?.Invoke() ?? new ThreadedScheduler(Options.MaxConcurrentOrchestrators);

    public ReplaySettings CreateReplaySettings() => new(
        Converter,
        Options.MaximumTimerInterval,
        DefaultVersion,
        Loggers,
        new Dictionary<string, object?> { ["defaultVersion"] = DefaultVersion });

    public ActivityRunner CreateActivityRunner(TaskCatalog catalog, VersionGate versions, ILogger logger, Func<long, string?> findTrace) => new(
        catalog, versions, Converter, Services.GetRequiredService<IServiceScopeFactory>(), Clock, logger, findTrace);
}
