using System.Text.Json;

namespace OmsWorkflows.Conformance.Activities;

public sealed class DataConversionTests
{
    private static readonly Order Sample = new("o-1", 12.3400m, [new("pen", 2), new("ink", 1)], new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), null);

    [Fact]
    public async Task Records_survive_every_hop()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<Order, Order>("Main", (context, order) => context.CallSubOrchestratorAsync<Order>("Sub", order))
            .AddOrchestratorFunc<Order, Order>("Sub", (context, order) => context.CallActivityAsync<Order>("Echo", order))
            .AddActivityFunc<Order, Order>("Echo", (_, order) => order));

        (await engine.ResultAsync<Order>("Main", Sample)).Should().BeEquivalentTo(Sample);
    }

    [Fact]
    public async Task Decimal_keeps_its_digits()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<decimal, decimal>("Main", (context, amount) => context.CallActivityAsync<decimal>("Echo", amount))
            .AddActivityFunc<decimal, decimal>("Echo", (_, amount) => amount));

        var ended = await engine.RunAsync("Main", 79228162514264337593.543950m);

        ended.SerializedOutput.Should().Be("79228162514264337593.543950");
    }

    [Fact]
    public async Task Text_of_any_script_survives()
    {
        const string Text = "¡Olá, 世界! 👛 \" \\ \u0001 \n";
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("Main", (context, text) => context.CallActivityAsync<string>("Echo", text))
            .AddActivityFunc<string, string>("Echo", (_, text) => text));

        (await engine.ResultAsync<string>("Main", Text)).Should().Be(Text);
    }

    [Fact]
    public async Task Orchestrator_without_output_has_none()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Main", _ => Task.CompletedTask));

        var ended = await engine.RunAsync("Main");

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed);
        ended.ReadOutputAs<object>().Should().BeNull();
    }

    [Fact]
    public async Task Input_can_be_read_from_the_context()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", (context, input) => Task.FromResult(context.GetInput<int>() + input)));

        (await engine.ResultAsync<int>("Main", 5)).Should().Be(10);
    }

    [Fact]
    public async Task Large_input_and_output_pass()
    {
        var text = new string('x', 512 * 1024);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("Main", async (context, input) => await context.CallActivityAsync<string>("Echo", input))
            .AddActivityFunc<string, string>("Echo", (_, input) => input));

        (await engine.ResultAsync<string>("Main", text)).Should().Be(text);
    }

    [Fact]
    public async Task Input_of_another_shape_fails_the_instance()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", (_, input) => Task.FromResult(input)));

        var ended = await engine.RunAsync("Main", "not a number");

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.Should().Be(typeof(JsonException).FullName);
    }

    public sealed record Line(string Item, int Count);

    public sealed record Order(string Id, decimal Total, Line[] Lines, DateTimeOffset At, string? Note);
}
