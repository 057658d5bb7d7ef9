using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

/// <summary>Takes what is logged, for tests that wait for it.</summary>
internal sealed class LogCollector : ILoggerFactory, ILogger
{
    private readonly Channel<(int Id, string Message)> _entries = Channel.CreateUnbounded<(int, string)>();

    public async Task<(int Id, string Message)> Until(Func<(int Id, string Message), bool> wanted, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        while (true)
        {
            var entry = await _entries.Reader.ReadAsync(timeout.Token);
            if (wanted(entry))
            {
                return entry;
            }
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Writer.TryWrite((eventId.Id, formatter(state, exception)));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
