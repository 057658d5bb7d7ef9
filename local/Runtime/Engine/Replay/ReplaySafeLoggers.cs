using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>A logger that says nothing while the orchestrator repeats steps it has taken before.</summary>
internal sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger logger) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!context.IsReplaying)
        {
#pragma warning disable CA1848, CA2254 // Passes on what the caller logged.
            logger.Log(logLevel, eventId, state, exception, formatter);
#pragma warning restore CA1848, CA2254
        }
    }
}

/// <summary>Makes replay-safe loggers from the host's factory, which it does not own.</summary>
internal sealed class ReplaySafeLoggers(TaskOrchestrationContext context, Func<ILoggerFactory> factory) : ILoggerFactory
{
    private const int DeepestWrapping = 10;

    /// <summary>
    /// The host's factory behind replay-safe ones, so that a context which hands out another context's factory does not wrap loggers twice.
    /// </summary>
    public static ILoggerFactory Unwrap(ILoggerFactory candidate)
    {
        for (var depth = 0; candidate is ReplaySafeLoggers wrapped; depth++)
        {
            if (depth == DeepestWrapping)
            {
                throw new InvalidOperationException(
                    "LoggerFactory leads back to ReplaySafeLoggerFactory of the same context. Hand out the inner context's factory instead.");
            }

            candidate = wrapped.Inner;
        }

        return candidate;
    }

    private ILoggerFactory Inner => factory();

    public ILogger CreateLogger(string categoryName) => new ReplaySafeLogger(context, Unwrap(Inner).CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Providers are added to the host's logger factory, not to the replay-safe one.");

    public void Dispose()
    {
    }
}
