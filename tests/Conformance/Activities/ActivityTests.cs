using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Conformance.Activities;

public sealed class ActivityTests
{
    [Fact, ThroughHost]
    public async Task Result_of_an_activity_is_returned()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", (context, input) => context.CallActivityAsync<int>("Double", input))
            .AddActivityFunc<int, int>("Double", (_, input) => input * 2));

        (await engine.ResultAsync<int>("Main", 21)).Should().Be(42);
    }

    [Fact, ThroughHost]
    public async Task Activity_may_be_asynchronous()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context => context.CallActivityAsync<string>("Slow"))
            .AddActivityFunc<string>("Slow", async _ =>
            {
                await Task.Yield();
                return "done";
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("done");
    }

    [Fact]
    public async Task Activity_without_result_is_awaited()
    {
        var ran = 0;
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                await context.CallActivityAsync("Count");
                return "after";
            })
            .AddActivityFunc("Count", _ => { Interlocked.Increment(ref ran); }));

        (await engine.ResultAsync<string>("Main")).Should().Be("after");
        ran.Should().Be(1);
    }

    [Fact, ThroughHost]
    public async Task Left_out_input_reaches_the_activity_as_null()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool>("Main", context => context.CallActivityAsync<bool>("IsNull"))
            .AddActivityFunc<string?, bool>("IsNull", (_, input) => input is null));

        (await engine.ResultAsync<bool>("Main")).Should().BeTrue();
    }

    [Fact, ThroughHost]
    public async Task Activities_one_after_the_other_run_in_order()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                var text = string.Empty;
                foreach (var letter in new[] { "a", "b", "c", "d" })
                    text = await context.CallActivityAsync<string>("Append", new Pair(text, letter));
                return text;
            })
            .AddActivityFunc<Pair, string>("Append", (_, input) => input.Left + input.Right));

        (await engine.ResultAsync<string>("Main")).Should().Be("abcd");
    }

    [Fact, ThroughHost]
    public async Task Results_of_a_fan_out_stand_in_the_order_of_the_calls()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int[]>("Main", async context =>
                await Task.WhenAll(Enumerable.Range(0, 20).Select(n => context.CallActivityAsync<int>("Square", n))))
            .AddActivityFunc<int, int>("Square", (_, n) => n * n));

        (await engine.ResultAsync<int[]>("Main")).Should().Equal(Enumerable.Range(0, 20).Select(n => n * n));
    }

    [Fact]
    public async Task WhenAny_gives_the_activity_that_ends_first()
    {
        using var gate = new SemaphoreSlim(0);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                var slow = context.CallActivityAsync<string>("Slow");
                var fast = context.CallActivityAsync<string>("Fast");
                var first = await await Task.WhenAny(slow, fast);
                context.SetCustomStatus(first);
                return first;
            })
            .AddActivityFunc<string>("Slow", async _ =>
            {
                await gate.WaitAsync();
                return "slow";
            })
            .AddActivityFunc<string>("Fast", _ => "fast"));
        var id = await engine.ScheduleAsync("Main");

        // The orchestrator goes on at once; the orchestration ends when its other activity has.
        await engine.UntilStatusAsync(id, "fast");
        (await engine.GetAsync(id)).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Running);
        gate.Release();

        (await engine.ResultOfAsync<string>(id)).Should().Be("fast");
    }

    [Fact, ThroughHost]
    public async Task Activity_knows_its_name_and_its_orchestration()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context => context.CallActivityAsync<string>("WhoAmI"))
            .AddActivityFunc<string>("WhoAmI", context => $"{context.Name} of {context.InstanceId}"));

        var id = await engine.ScheduleAsAsync("the-instance", "Main");

        (await engine.ResultOfAsync<string>(id)).Should().Be("WhoAmI of the-instance");
    }

    [Fact, ThroughHost]
    public async Task Names_are_found_without_regard_to_case()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context => context.CallActivityAsync<string>("GREET"))
            .AddActivityFunc<string>("greet", _ => "hello"));

        (await engine.ResultAsync<string>("main")).Should().Be("hello");
    }

    [Fact]
    public async Task Activity_class_gets_its_services()
    {
        await using var engine = await ConformanceEngine.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<string>("Main", context => context.CallActivityAsync<string>(nameof(Greeter), "Ada"))
                .AddActivity<Greeter>(),
            services => services.AddSingleton(new Greeting("Hello")));

        (await engine.ResultAsync<string>("Main")).Should().Be("Hello, Ada");
    }

    [Fact, ThroughHost]
    public async Task Orchestrator_class_runs()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks.AddOrchestrator<Twice>());

        (await engine.ResultAsync<int>(nameof(Twice), 4)).Should().Be(8);
    }

    [Fact, ThroughHost]
    public async Task Options_given_as_input_are_refused()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                object options = new TaskOptions();
                try
                {
                    await context.CallActivityAsync<string>("Any", options);
                    return "called";
                }
                catch (ArgumentException e)
                {
                    return e.ParamName ?? string.Empty;
                }
            })
            .AddActivityFunc<string>("Any", _ => "any"));

        (await engine.ResultAsync<string>("Main")).Should().Be("input");
    }

    [Fact]
    public async Task Activity_nobody_awaits_still_runs()
    {
        var ran = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
            {
                _ = context.CallActivityAsync("Forgotten");
                return "ended";
            })
            .AddActivityFunc("Forgotten", _ => { ran.TrySetResult("ran"); }));

        (await engine.ResultAsync<string>("Main")).Should().Be("ended");
        (await engine.WithinLimitAsync(ran.Task)).Should().Be("ran");
    }

    public sealed record Pair(string Left, string Right);

    public sealed record Greeting(string Word);

    public sealed class Greeter(Greeting greeting) : TaskActivity<string, string>
    {
        public override Task<string> RunAsync(TaskActivityContext context, string input)
            => Task.FromResult($"{greeting.Word}, {input}");
    }

    public sealed class Twice : TaskOrchestrator<int, int>
    {
        public override Task<int> RunAsync(TaskOrchestrationContext context, int input) => Task.FromResult(input * 2);
    }
}
