using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Moq;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Functions.Tests.Telemetry;

public sealed class TimerHeartbeatTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
    private readonly MetricCollector<long> _runs;

    public TimerHeartbeatTests()
        => _runs = new(_services.GetRequiredService<IMeterFactory>(), AppTelemetry.Name, "oms_workflows.timers");

    private IEnumerable<object?> Heard => _runs.GetMeasurementSnapshot().Select(run => run.Tags["timer"]);

    public void Dispose()
    {
        _runs.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Timer_ThatCameToItsEnd_IsHeard()
    {
        await Heartbeat.Invoke(Invocation("SweepInbox", typeof(TimerInfo)), _ => Task.CompletedTask);

        Heard.Should().Equal("SweepInbox");
    }

    [Fact]
    public async Task Timer_ThatFailed_IsNotHeard()
    {
        var invoke = () => Heartbeat.Invoke(Invocation("SweepInbox", typeof(TimerInfo)), _ => throw new IOException("store down"));

        await invoke.Should().ThrowAsync<IOException>();
        Heard.Should().BeEmpty();
    }

    [Fact]
    public async Task OtherTriggers_AreNotCounted()
    {
        await Heartbeat.Invoke(Invocation("Live", typeof(Microsoft.AspNetCore.Http.HttpRequest)), _ => Task.CompletedTask);

        Heard.Should().BeEmpty();
    }

    private TimerHeartbeat Heartbeat => new(_services.GetRequiredService<AppMetrics>());

    private static FunctionContext Invocation(string name, Type parameter)
    {
        var definition = new Mock<FunctionDefinition>();
        definition.Setup(function => function.Name).Returns(name);
        definition.Setup(function => function.Parameters).Returns(ImmutableArray.Create(new FunctionParameter("trigger", parameter)));
        var context = new Mock<FunctionContext>();
        context.Setup(invocation => invocation.FunctionDefinition).Returns(definition.Object);
        return context.Object;
    }
}
