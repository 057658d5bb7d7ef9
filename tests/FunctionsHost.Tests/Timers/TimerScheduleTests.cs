using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using OmsWorkflows.FunctionsHost.Tests.Functions;
using OmsWorkflows.Local.FunctionsHost;
using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Timers;

namespace OmsWorkflows.FunctionsHost.Tests.Timers;

public sealed class TimerScheduleTests
{
    private static readonly IConfiguration Settings = new ConfigurationBuilder()
        .AddInMemoryCollection([new("MY_SCHEDULE", "0 30 6 * * *"), new("Sweep:Schedule", "*/5 * * * *")]).Build();

    [Theory]
    [InlineData("0 */5 * * * *", "2026-06-10T14:02:03", "2026-06-10T14:05:00")]
    [InlineData("*/5 * * * *", "2026-06-10T14:02:03", "2026-06-10T14:05:00")]
    [InlineData("15 * * * * *", "2026-06-10T14:02:15", "2026-06-10T14:03:15")]
    [InlineData("0 0 9 * * Mon-Fri", "2026-06-12T09:00:00", "2026-06-15T09:00:00")]
    [InlineData("0 0 0 29 2 *", "2026-06-10T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("01:30:00", "2026-06-10T14:02:03", "2026-06-10T15:32:03")]
    [InlineData("%MY_SCHEDULE%", "2026-06-10T14:02:03", "2026-06-11T06:30:00")]
    [InlineData("%Sweep__Schedule%", "2026-06-10T14:02:03", "2026-06-10T14:05:00")]
    public void Next_Schedule_IsTheFirstOccurrenceAfter(string schedule, string after, string expected)
        => TimerSchedule.Of(Timer(schedule), Settings).Next(Time(after)).Should().Be(Time(expected));

    [Theory]
    [InlineData("every day", "every day")]
    [InlineData("", "NCRONTAB")]
    [InlineData("* * *", "* * *")]
    [InlineData("00:00:00", "00:00:00")]
    [InlineData("%NOT_SET%", "NOT_SET")]
    public void Of_ScheduleThatCannotBeRead_IsRefusedWithTheFunctionsName(string schedule, string named)
    {
        var read = () => TimerSchedule.Of(Timer(schedule), Settings);

        read.Should().Throw<StartRefusedException>().Which.Message.Should().Contain("'Sweep'").And.Contain(named);
    }

    [Theory]
    [InlineData("*/10 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("00:00:30", true)]
    public void IsFrequent_LessThanAMinuteApart_IsTrue(string schedule, bool expected)
        => TimerSchedule.Of(Timer(schedule), Settings).IsFrequent(Time("2026-06-10T14:02:03")).Should().Be(expected);

    private static Function Timer(string schedule)
        => Metadata.Function("Sweep", new JsonObject { ["name"] = "timer", ["type"] = "timerTrigger", ["schedule"] = schedule });

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);
}
