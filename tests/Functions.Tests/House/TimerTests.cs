using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace OmsWorkflows.Functions.Tests.House;

/// <summary>What runs by the clock.</summary>
public sealed class TimerTests
{
    [Fact]
    public void Nothing_runs_at_start_up()
    {
        var timers = typeof(Program).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => (Function: parameter.Member.Name, Trigger: parameter.GetCustomAttribute<TimerTriggerAttribute>()))
            .Where(timer => timer.Trigger is not null).ToList();

        timers.Should().HaveCountGreaterThan(6);
        timers.Where(timer => timer.Trigger!.RunOnStartup).Select(timer => timer.Function)
            .Should().BeEmpty("every instance that scales out would run it again, beside the others");
    }
}
