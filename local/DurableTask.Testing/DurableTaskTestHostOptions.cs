using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DurableTask.Testing;

/// <summary>How a test host is set up. Everything has a default that suits a test of one orchestration.</summary>
public sealed class DurableTaskTestHostOptions
{
    /// <summary>
    /// Registers the services that activities are made from. A <see cref="TimeProvider"/> registered here is the host's clock; a
    /// <see cref="SkippingClock"/> is, when none is.
    /// </summary>
    public Action<IServiceCollection>? ConfigureServices { get; set; }

    /// <summary>Takes the logs, those of orchestrators included; none are written when left out.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Sets the worker up as the app does: data converter, versions, the longest timer.</summary>
    public Action<DurableTaskWorkerOptions>? ConfigureWorker { get; set; }

    /// <summary>
    /// With a seed, one piece of work runs at a time and the seed decides which of those that are ready: the same seed, the same order.
    /// Without
    /// one, everything that is ready runs at once.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>
    /// Called around every commit of the store. Throwing <see cref="ProcessDiedException"/> there is the death of the process. Throwing
    /// anything
    /// else is a fault of the store: before a commit it is refused, after it whoever asked for it is left in doubt; the engine has to go
    /// on.
    /// </summary>
    public Action<CommitPoint>? OnCommit { get; set; }

    /// <summary>
    /// Where the database (<c>durable.db</c>) is, and stays when the host is disposed of; a directory that is thrown away, when left out.
    /// </summary>
    public string? DatabaseDirectory { get; set; }

    /// <summary>Commits wait for the disk, as in production: for measurements, and for tests that kill a process.</summary>
    public bool IsDurable { get; set; }
}

/// <summary>
/// A commit of the store: the numbers count from 1 over the life of the host, its restarts included, but for what opening the store
/// takes.
/// </summary>
/// <param name="Number">Which commit.</param>
/// <param name="IsDone">
/// Before it, when <see langword="false"/>: a process that dies here leaves nothing of it. After it otherwise: everything is on disk and
/// nobody was
/// told.
/// </param>
public readonly record struct CommitPoint(long Number, bool IsDone);

/// <summary>
/// Thrown by a test in <see cref="DurableTaskTestHostOptions.OnCommit"/>: the process dies here. The host does nothing more, and its client
/// answers with this exception, until <see cref="DurableTaskTestHost.RestartAsync"/>.
/// </summary>
public sealed class ProcessDiedException : Exception
{
    /// <summary>The process dies.</summary>
    public ProcessDiedException()
        : base("The test lets the process die here.")
    {
    }
}
