using System.Globalization;
using Microsoft.Extensions.Configuration;
using OmsWorkflows.Local.Runtime.Worker.Timers;

namespace OmsWorkflows.Runtime.Tests.Worker;

public sealed class TimerScheduleTests
{
    private readonly IConfiguration _settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Sweep:Every"] = "0 */10 * * * *" }).Build();

    [Theory]
    [InlineData("0 */5 * * * *", "2026-06-10T14:02:03", "2026-06-10T14:05:00")]
    [InlineData("30 0 14 * * *", "2026-06-10T14:00:30", "2026-06-11T14:00:30")]
    [InlineData("*/5 * * * *", "2026-06-10T14:02:03", "2026-06-10T14:05:00")]
    [InlineData("0 0 0 1 * *", "2026-06-10T14:02:03", "2026-07-01T00:00:00")]
    [InlineData("0 30 9 * * Mon-Fri", "2026-06-12T10:00:00", "2026-06-15T09:30:00")]
    [InlineData("00:00:10", "2026-06-10T14:02:03", "2026-06-10T14:02:13")]
    [InlineData("%Sweep__Every%", "2026-06-10T14:02:03", "2026-06-10T14:10:00")]
    public void Next_is_the_first_occurrence_after_now(string schedule, string now, string next)
        => TimerSchedule.Parse("Fn", schedule, _settings).Next(At(now)).Should().Be(At(next));

    [Theory]
    [InlineData("every day", "neither an NCRONTAB expression nor a time span")]
    [InlineData("00:00:00", "neither an NCRONTAB expression nor a time span")]
    [InlineData("%Missing%", "the setting 'Missing', which is not set")]
    public void A_schedule_that_cannot_be_read_is_refused_by_function(string schedule, string why)
        => FluentActions.Invoking(() => TimerSchedule.Parse("Fn", schedule, _settings)).Should().Throw<InvalidOperationException>().WithMessage($"*'Fn'*{why}*");

    private static DateTime At(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
