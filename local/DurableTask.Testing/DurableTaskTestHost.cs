using System.Collections.Immutable;
using DurableTask.Core;
using DurableTask.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.DurableTask.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DurableTask.Testing;

/// <summary>
/// Runs orchestrations inside a test: the published engine over a database of its own that is thrown away. Time skips: while a test waits
/// for an orchestration the clock stands still, and when nothing else can run it jumps to the next durable timer, so an hour takes
/// milliseconds. To move time by hand instead, register a <see cref="TimeProvider"/> with
/// <see cref="DurableTaskTestHostOptions.ConfigureServices"/>.
/// </summary>
public sealed class DurableTaskTestHost : IAsyncDisposable
{
    private readonly string _directory;
    private readonly DurableTaskTestHostOptions _options;
    private readonly ServiceProvider _services;
    private readonly DurableTaskWorkerOptions _workerOptions;
    private readonly SeededOrder? _order;
    private TaskHub? _hub;
    private volatile bool _isOpen;
    private bool _isDead;
    private long _commits;
    private ImmutableList<Wait> _waits = [];

    private DurableTaskTestHost(Action<DurableTaskRegistry> registry, DurableTaskTestHostOptions options)
    {
        _options = options;
        _directory = options.DatabaseDirectory ?? Directory.CreateTempSubdirectory("durable-test-").FullName;
        _order = options.Seed is { } seed ? new SeededOrder(seed) : null;
        var services = new ServiceCollection();
        options.ConfigureServices?.Invoke(services);
        services.TryAddSingleton<TimeProvider>(new SkippingClock());
        services.TryAddSingleton(options.LoggerFactory ?? NullLoggerFactory.Instance);
        services.AddLogging();
        services.AddDurableTaskWorker(worker =>
        {
            worker.AddTasks(registry);
            worker.Configure(settings => options.ConfigureWorker?.Invoke(settings));
            worker.UseBuildTarget<RegisteredTasks>();
        });
        _services = services.BuildServiceProvider();
        _workerOptions = _services.GetRequiredService<IOptionsMonitor<DurableTaskWorkerOptions>>().CurrentValue;
        Clock = _services.GetRequiredService<TimeProvider>();
        Client = new TestHostClient(this, _workerOptions.DataConverter, _workerOptions.Versioning?.DefaultVersion ?? "");
    }

    /// <summary>A client of the host. It stays the same over <see cref="RestartAsync"/>.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>The services activities are made from.</summary>
    public IServiceProvider Services => _services;

    /// <summary>The clock that timers go by and history is stamped with.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Commits of the store so far, over all restarts. A run without faults tells how many places there are to die at.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Completes when the process died, as a <see cref="DurableTaskTestHostOptions.OnCommit"/> wanted it.</summary>
    public Task Died => Store.Crashed;

    /// <summary>Whether the process died and was not started again.</summary>
    internal bool IsDead { get => Volatile.Read(ref _isDead); private set => Volatile.Write(ref _isDead, value); }

    internal SqliteOrchestrationService Store { get; private set; } = null!;

    /// <summary>Starts a host.</summary>
    /// <param name="registry">Registers orchestrators and activities; <see cref="FunctionTasks"/> finds those of a Function app.</param>
    /// <param name="options">Services, logs, order and faults.</param>
    public static async Task<DurableTaskTestHost> StartAsync(
        Action<DurableTaskRegistry> registry, DurableTaskTestHostOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registry);
        cancellationToken.ThrowIfCancellationRequested();
        var host = new DurableTaskTestHost(registry, options ?? new());
        await host.OpenAsync();
        return host;
    }

    /// <summary>
    /// Starts over from what is on disk, as a new process does: after the old one died, or in the middle of whatever it does.
    /// </summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    /// <summary>Stops the host, and deletes its database unless it was told where to keep it.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _services.DisposeAsync();
        if (_options.DatabaseDirectory is null)
            Directory.Delete(_directory, recursive: true);
    }

    /// <summary>
    /// From now until it is disposed of somebody waits, so that time stands still, and may skip as long as what is waited for has not come.
    /// </summary>
    internal IDisposable SkipTimeUntil(string instanceId, Func<OrchestrationState, bool> hasCome)
    {
        var wait = new Wait(this, instanceId, hasCome);
        ImmutableInterlocked.Update(ref _waits, waits => waits.Add(wait));
        SkipTimeIfWaitedFor();
        return wait;
    }

    private async Task OpenAsync()
    {
        Store = new SqliteOrchestrationService(new SqliteOrchestrationServiceOptions
        {
            DatabasePath = Path.Combine(_directory, "durable.db"),
            Clock = Clock,
            LoggerFactory = _services.GetRequiredService<ILoggerFactory>(),
            Seams = new TestSeams
            {
                Relaxed = !_options.IsDurable,
                Gate = _order,
                Idle = SkipTimeIfWaitedFor,
                BeforeCommit = _ => AtCommit(isDone: false),
                AfterCommit = _ => AtCommit(isDone: true),
            },
        });
        var tasks = _services.GetServices<IHostedService>().OfType<RegisteredTasks>().Single();
        _hub = new TaskHub(Store, tasks.All, _services, _workerOptions, Clock);
        await Store.CreateIfNotExistsAsync();
        await _hub.StartAsync();
        (IsDead, _isOpen) = (false, true);
    }

    private async Task CloseAsync()
    {
        _isOpen = false;
        if (IsDead)
            await Store.Crashed;

        await _hub!.StopAsync();
        _hub.Dispose();
        Store.Dispose();
    }

    private void AtCommit(bool isDone)
    {
        if (!_isOpen)
            return;

        var commit = new CommitPoint(isDone ? Commits : Interlocked.Increment(ref _commits), isDone);
        try
        {
            _options.OnCommit?.Invoke(commit);
        }
        catch (ProcessDiedException)
        {
            IsDead = true;
            throw new SimulatedCrashException($"{(commit.IsDone ? "after" : "before")} commit {commit.Number}");
        }
    }

    private void SkipTimeIfWaitedFor()
    {
        if (Clock is not SkippingClock clock || Volatile.Read(ref _waits).IsEmpty)
            return;

        // Whoever waits is told a little after what they wait for came: from then on no time is skipped for them.
        Store.WhenIdle(next =>
        {
            if (Volatile.Read(ref _waits).Exists(wait => wait.IsOpen))
                clock.SkipTo(next);
        });
    }

    /// <summary>Somebody waits for an instance.</summary>
    private sealed class Wait : IDisposable
    {
        private readonly DurableTaskTestHost _host;
        private readonly string _instanceId;
        private readonly Func<OrchestrationState, bool> _hasCome;

        public Wait(DurableTaskTestHost host, string instanceId, Func<OrchestrationState, bool> hasCome)
        {
            (_host, _instanceId, _hasCome) = (host, instanceId, hasCome);
            (host.Clock as SkippingClock)?.Hold();
        }

        public bool IsOpen => _host.Store.FindState(_instanceId, withInputsAndOutputs: false) is not { } state || !_hasCome(state);

        public void Dispose()
        {
            ImmutableInterlocked.Update(ref _host._waits, waits => waits.Remove(this));
            (_host.Clock as SkippingClock)?.LetGo();
        }
    }

    /// <summary>The published worker's builder makes the task factory and hands it to the worker it is told to build: this one.</summary>
    private sealed class RegisteredTasks(string name, IDurableTaskFactory factory) : DurableTaskWorker(name, factory)
    {
        public IDurableTaskFactory All => Factory;

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
