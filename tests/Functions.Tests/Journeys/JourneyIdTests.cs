using OmsWorkflows.Journeys;

namespace OmsWorkflows.Functions.Tests.Journeys;

public sealed class JourneyIdTests
{
    [Fact]
    public void From_the_same_key_is_the_same_id()
        => JourneyId.From("ci", "order-1").Should().Be(JourneyId.From("ci", "order-1")).And.MatchRegex("^ci-[0-9a-hjkmnp-tv-z]{26}$");

    [Theory]
    [InlineData("ci", "order-2")]
    [InlineData("onb", "order-1")]
    public void From_another_key_or_kind_is_another_id(string prefix, string key)
        => JourneyId.From(prefix, key).Should().NotBe(JourneyId.From("ci", "order-1"));
}
