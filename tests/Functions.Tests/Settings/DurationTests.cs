using CsCheck;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Functions.Tests.Settings;

public sealed class DurationTests
{
    [Theory]
    [InlineData("00:00:30", 30)]
    [InlineData("23:59:59", 86399)]
    [InlineData("1.00:00:00", 86400)]
    [InlineData("0.12:00:00", 43200)]
    [InlineData("366.00:00:00", 366 * 86400)]
    [InlineData("00:00:00.250", 0.25)]
    public void Parse_DocumentedForm_IsThatTime(string text, double seconds)
    {
        Duration.TryParse(text, out var duration).Should().BeTrue();
        duration.Should().Be(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("24:00:00")]
    [InlineData("30:00:00")]
    [InlineData("00:60:00")]
    [InlineData("00:00:60")]
    [InlineData("10")]
    [InlineData("10.5")]
    [InlineData("5:30")]
    [InlineData("05:30")]
    [InlineData("5:30:00")]
    [InlineData("1.24:00:00")]
    [InlineData("1:00:00:00")]
    [InlineData("-00:00:30")]
    [InlineData("+00:00:30")]
    [InlineData(" 00:00:30")]
    [InlineData("00:00:30\n")]
    [InlineData("00:00:30,5")]
    [InlineData("00:00:00.00000001")]
    [InlineData("366.00:00:01")]
    [InlineData("999.00:00:00")]
    [InlineData("10675199.00:00:00")]
    [InlineData("٠٠:٠٠:٣٠")]
    [InlineData("30s")]
    [InlineData("PT30S")]
    public void Parse_AnyOtherForm_IsNone(string? text) => Duration.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void Parse_WhatNetWrites_IsTheSame()
        => Gen.Long[0, TimeSpan.FromDays(366).Ticks].Sample(ticks =>
            Duration.TryParse(TimeSpan.FromTicks(ticks).ToString("c"), out var duration) && duration.Ticks == ticks);
}
