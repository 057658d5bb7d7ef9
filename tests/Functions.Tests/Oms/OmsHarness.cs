using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Oms;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>The client as the app registers it, against a stub server; repetitions wait next to nothing.</summary>
internal sealed class OmsHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly MetricCollector<long> _failures;
    private readonly MetricCollector<double> _attempts;

    private OmsHarness(OmsStub stub, string? url, Dictionary<string, string?> settings, TimeProvider? clock)
    {
        Stub = stub;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Oms:BaseUrl"] = url ?? stub.Url,
            ["Oms:ApiKey"] = "sk_sdbx_canary_key",
            ["Oms:ApiSecret"] = "canary-secret",
            ["Oms:RetryDelay"] = "00:00:00.001",
            // On the machine's clock as long as can be, so that no answer comes too late; on the test's own it costs nothing to wait.
            ["Oms:AttemptTimeout"] = clock is null ? "00:01:00" : "00:00:05",
            ["Oms:TotalTimeout"] = clock is null ? "00:02:00" : "00:00:20",
        }).AddInMemoryCollection(settings).Build();
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(clock ?? Time)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Recorder(Logs)))
            .AddOmsClient()
            .BuildServiceProvider();
        var factory = _services.GetRequiredService<IMeterFactory>();
        _failures = new(factory, AppTelemetry.Name, "oms_workflows.oms.failures");
        _attempts = new(factory, AppTelemetry.Name, "oms_workflows.oms.calls");
    }

    public OmsStub Stub { get; }

    public ShiftedTime Time { get; } = new();

    public ConcurrentQueue<string> Logs { get; } = new();

    public OmsClient Client => _services.GetRequiredService<OmsClient>();

    public static async Task<OmsHarness> StartAsync(string? url = null, params (string Name, string Value)[] settings)
        => new(await OmsStub.StartAsync(), url, settings.ToDictionary(s => s.Name, s => (string?)s.Value), clock: null);

    /// <summary>
    /// With a clock that only the test moves: time limits of attempts, waits between them and the life of tokens follow it.
    /// </summary>
    public static async Task<OmsHarness> StartOnAsync(FakeTimeProvider clock, params (string Name, string Value)[] settings)
        => new(await OmsStub.StartAsync(), url: null, settings.ToDictionary(s => s.Name, s => (string?)s.Value), clock);

    /// <summary>What the failures were counted as: outcome, cause, route.</summary>
    public IReadOnlyList<string> Failures
        => [.. _failures.GetMeasurementSnapshot().Select(each => $"{each.Tags["outcome"]} {each.Tags["cause"]} {each.Tags["route"]}")];

    /// <summary>What attempts were counted as: call, status.</summary>
    public IReadOnlyList<string> Attempts
        => [.. _attempts.GetMeasurementSnapshot().Select(each => $"{each.Tags["call"]} {each.Tags["status"]}")];

    public async ValueTask DisposeAsync()
    {
        _failures.Dispose();
        _attempts.Dispose();
        await _services.DisposeAsync();
        await Stub.DisposeAsync();
    }

    /// <summary>A clock that can be put forward; its timers run as they are, since the resilience pipeline waits on them.</summary>
    internal sealed class ShiftedTime : TimeProvider
    {
        private TimeSpan _shift;

        public void Advance(TimeSpan by) => _shift += by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _shift;
    }

    private sealed class Recorder(ConcurrentQueue<string> logs) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            logs.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => logs.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
