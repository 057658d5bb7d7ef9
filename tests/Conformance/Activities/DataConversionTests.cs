using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Conformance.Activities;

public sealed class DataConversionTests
{
    private static readonly Order Sample = new(
        "o-1", 12.3400m, [new("pen", 2), new("ink", 1)], new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), null);

    [Fact, ThroughHost]
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

    [Fact, ThroughHost]
    public async Task Text_of_any_script_survives()
    {
        const string Text = "¡Olá, 世界! 👛 \" \\ \u0001 \n";
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("Main", (context, text) => context.CallActivityAsync<string>("Echo", text))
            .AddActivityFunc<string, string>("Echo", (_, text) => text));

        (await engine.ResultAsync<string>("Main", Text)).Should().Be(Text);
    }

    [Fact, ThroughHost]
    public async Task Orchestrator_without_output_has_none()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Main", _ => Task.CompletedTask));

        var ended = await engine.RunAsync("Main");

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed);
        ended.ReadOutputAs<object>().Should().BeNull();
    }

    [Fact, ThroughHost]
    public async Task Input_can_be_read_from_the_context()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", (context, input) => Task.FromResult(context.GetInput<int>() + input)));

        (await engine.ResultAsync<int>("Main", 5)).Should().Be(10);
    }

    [Fact, ThroughHost]
    public async Task Large_input_and_output_pass()
    {
        var text = new string('x', 512 * 1024);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("Main", async (context, input) => await context.CallActivityAsync<string>("Echo", input))
            .AddActivityFunc<string, string>("Echo", (_, input) => input));

        (await engine.ResultAsync<string>("Main", text)).Should().Be(text);
    }

    [Fact, ThroughHost]
    public async Task Input_of_another_shape_fails_the_instance()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", (_, input) => Task.FromResult(input)));

        var ended = await engine.RunAsync("Main", "not a number");

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.Should().Be(typeof(JsonException).FullName);
    }

    [Fact]
    public async Task Converter_from_the_services_is_used()
    {
        await using var engine = await ConformanceEngine.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<Order, Order>("Main", async (context, order) =>
                {
                    context.SetCustomStatus(order);
                    return await context.CallSubOrchestratorAsync<Order>("Sub", await context.CallActivityAsync<Order>("Echo", order));
                })
                .AddOrchestratorFunc<Order, Order>("Sub", (_, order) => Task.FromResult(order))
                .AddActivityFunc<Order, Order>("Echo", (_, order) => order),
            services => services.AddSingleton<DataConverter>(new SnakeCase()));

        var ended = await engine.RunAsync("Main", Sample);

        ended.SerializedInput.Should().Contain("\"total\":12.3400");
        ended.SerializedCustomStatus.Should().Be(ended.SerializedInput);
        ended.SerializedOutput.Should().Be(ended.SerializedInput);
        ended.ReadOutputAs<Order>().Should().BeEquivalentTo(Sample);
    }

    [Fact]
    public async Task Converter_that_does_not_write_JSON_cannot_reach_an_activity()
    {
        // The SDK writes the input of an activity as an array of one and takes the brackets off on the other side. A converter that puts
        // anything in front of them gets the whole array to read.
        await using var engine = await ConformanceEngine.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<string, string>("Main", (context, text) => context.CallActivityAsync<string>("Echo", text))
                .AddOrchestratorFunc<string, string>("Direct", (_, text) => text)
                .AddActivityFunc<string, string>("Echo", (_, text) => text),
            services => services.AddSingleton<DataConverter>(new Marked()));

        var direct = await engine.RunAsync("Direct", "hi");
        var failed = await engine.RunAsync("Main", "hi");

        direct.SerializedOutput.Should().Be("marked:\"hi\"");
        direct.ReadOutputAs<string>().Should().Be("hi");
        failed.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        failed.FailureDetails!.IsCausedBy<TaskFailedException>().Should().BeTrue();
    }

    public sealed record Line(string Item, int Count);

    public sealed record Order(string Id, decimal Total, Line[] Lines, DateTimeOffset At, string? Note);

    private sealed class SnakeCase : DataConverter
    {
        private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

        public override object? Deserialize(string? data, Type targetType)
            => data is null ? null : JsonSerializer.Deserialize(data, targetType, Options);

        public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, Options);
    }

    private sealed class Marked : DataConverter
    {
        private const string Mark = "marked:";

        public override object? Deserialize(string? data, Type targetType)
            => data is null ? null : JsonSerializer.Deserialize(data.AsSpan(Mark.Length), targetType);

        public override string? Serialize(object? value) => value is null ? null : Mark + JsonSerializer.Serialize(value);
    }
}
