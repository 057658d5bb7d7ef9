using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Conformance.Context;

public sealed class DeterminismTests
{
    [Fact, ThroughHost]
    public async Task Guids_differ_from_each_other_and_not_from_replay_to_replay()
    {
        var seen = new ConcurrentBag<Guid>();
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<Guid[]>("Main", async context =>
            {
                var first = context.NewGuid();
                seen.Add(first);
                var second = context.NewGuid();
                await context.CallActivityAsync<string>("Any");
                await context.CallActivityAsync<string>("Any");
                return [first, second, context.NewGuid()];
            })
            .AddActivityFunc<string>("Any", _ => "any"));

        var made = await engine.ResultAsync<Guid[]>("Main");

        made.Should().OnlyHaveUniqueItems();
        seen.Should().OnlyContain(guid => guid == made[0]);
    }

    [Fact, ThroughHost]
    public async Task Clock_stands_still_within_a_turn_and_repeats_in_a_replay()
    {
        var starts = new ConcurrentBag<DateTime>();
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<DateTime[]>("Main", async context =>
            {
                var start = context.CurrentUtcDateTime;
                starts.Add(start);
                var same = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromMilliseconds(100), CancellationToken.None);
                return [start, same, context.CurrentUtcDateTime];
            }));

        var times = await engine.ResultAsync<DateTime[]>("Main");

        times[1].Should().Be(times[0]);
        times[2].Should().BeOnOrAfter(times[0].AddMilliseconds(100));
        times[0].Kind.Should().Be(DateTimeKind.Utc);
        starts.Should().OnlyContain(start => start == times[0]);
    }

    [Fact, ThroughHost]
    public async Task Orchestrator_past_its_history_is_not_replaying()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool>("Main", async context =>
            {
                await context.CallActivityAsync<string>("Any");
                return context.IsReplaying;
            })
            .AddActivityFunc<string>("Any", _ => "any"));

        (await engine.ResultAsync<bool>("Main")).Should().BeFalse();
    }

    [Fact]
    public async Task Replay_safe_logger_writes_once()
    {
        using var logs = new ListLoggerFactory();
        await using var engine = await ConformanceEngine.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<string>("Main", async context =>
                {
                    var logger = context.CreateReplaySafeLogger("Conformance.Journey");
                    logger.LogInformation("before");
                    await context.CallActivityAsync<string>("Any");
                    logger.LogInformation("between");
                    await context.CallActivityAsync<string>("Any");
                    logger.LogInformation("after");
                    return "ended";
                })
                .AddActivityFunc<string>("Any", _ => "any"),
            logs: logs);

        await engine.ResultAsync<string>("Main");

        logs.Lines.Where(line => line.Category == "Conformance.Journey").Select(line => line.Text)
            .Should().Equal("before", "between", "after");
    }

    [Fact, ThroughHost]
    public async Task Orchestrator_knows_its_name_and_instance()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context => $"{context.Name}/{context.InstanceId}"));

        var id = await engine.ScheduleAsAsync("me", "Main");

        (await engine.ResultOfAsync<string>(id)).Should().Be("Main/me");
    }

    [Fact]
    public async Task Orchestrator_knows_its_version_and_compares_it()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
                $"{context.Version} {Math.Sign(context.CompareVersionTo("1.9"))} {Math.Sign(context.CompareVersionTo("1.10"))}"));

        var id = await engine.ScheduleAsync("Main", null, new StartOrchestrationOptions { Version = "1.10" });

        (await engine.ResultOfAsync<string>(id)).Should().Be("1.10 1 0");
    }

    [Fact, ThroughHost]
    public async Task Instance_without_a_version_has_an_empty_one()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context => $"[{context.Version}]"));

        (await engine.ResultAsync<string>("Main")).Should().Be("[]");
    }

    private sealed class ListLoggerFactory : ILoggerFactory
    {
        public ConcurrentQueue<(string Category, string Text)> Lines { get; } = new();

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => new ListLogger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class ListLogger(ListLoggerFactory owner, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
                => owner.Lines.Enqueue((category, formatter(state, exception)));
        }
    }
}
