using System.Text.RegularExpressions;
using System.Xml;

namespace OmsWorkflows.Infra.Tests;

/// <summary>Whether somebody is told when nothing is heard.</summary>
public sealed class SilenceTests
{
    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void EveryTimerFunction_IsMissedWhenItStaysAway(string environment)
    {
        var rules = Deployment.Of(environment).All("Microsoft.Insights/scheduledQueryRules")
            .Select(rule => (Rule: rule, Timer: Regex.Match(Query(rule), @"Properties\.timer\) == ""(?<name>\w+)""").Groups["name"].Value))
            .Where(pair => pair.Timer.Length > 0).ToList();

        rules.Select(pair => pair.Timer).Should().BeEquivalentTo(AppSource.Timers.Keys,
            "each timer function of the app has its alarm, and no other has one");
        rules.Should().AllSatisfy(pair =>
        {
            var window = XmlConvert.ToTimeSpan(pair.Rule["windowSize"]!.GetValue<string>());
            window.Should().BeGreaterThanOrEqualTo(2 * Period(AppSource.Timers[pair.Timer]), "else it is missed although it runs");
            window.Should().BeLessThanOrEqualTo(TimeSpan.FromDays(2), "Azure looks no further back");
            pair.Rule["criteria", "allOf", "0", "operator"]!.GetValue<string>().Should().Be("LessThan");
            pair.Rule["criteria", "allOf", "0", "threshold"]!.GetValue<int>().Should().Be(1);
            pair.Rule["criteria", "allOf", "0", "timeAggregation"]!.GetValue<string>().Should().Be("Count");
            pair.Rule["criteria", "allOf", "0", "dimensions"].Should().BeNull("a series that does not exist cannot be below a threshold");
        });
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Liveness_IsAskedFromOutside(string environment)
    {
        var deployment = Deployment.Of(environment);

        var test = deployment.All("Microsoft.Insights/webtests").Should().ContainSingle().Which;
        test["Enabled"]!.GetValue<bool>().Should().BeTrue();
        test["Request", "RequestUrl"]!.GetValue<string>().Should().Contain("/api/health/live");
        AppSource.AnonymousRoutes.Should().Contain("health/live", "the test has no key");
        test["Locations"]!.AsArray().Should().HaveCountGreaterThanOrEqualTo(5);
        var alert = deployment.All("Microsoft.Insights/metricAlerts")
            .Single(candidate => candidate["criteria", "odata.type"]!.GetValue<string>().EndsWith("WebtestLocationAvailabilityCriteria",
                StringComparison.Ordinal));
        alert["criteria", "webTestId"]!.GetValue<string>().Should().Be(test.Id);
        alert["severity"]!.GetValue<int>().Should().Be(0);
        alert["enabled"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public void Production_TellsAnOnCallSystem_NotOnlyAMailbox()
    {
        var people = Deployment.Of("prod").All("Microsoft.Insights/actionGroups").Single();

        people["webhookReceivers"]!.AsArray().Concat(people["smsReceivers"]!.AsArray()).Should().NotBeEmpty();
        people["webhookReceivers"]!.AsArray().Should().AllSatisfy(hook => hook!["useAadAuth"]!.GetValue<bool>().Should().BeTrue());
    }

    [Fact]
    public void Receivers_OfEveryKindReachTheActionGroup()
    {
        const string Everybody = "{ emails: ['a@example.com'], webhooks: [{ name: 'chat', uri: 'https://chat.example.com' }], "
            + "phones: [{ name: 'duty', countryCode: '44', number: '7700900123' }] }";

        var people = Deployment.Of("dev", ("alertReceivers", Everybody)).All("Microsoft.Insights/actionGroups").Single();

        people["emailReceivers", "0", "emailAddress"]!.GetValue<string>().Should().Be("a@example.com");
        people["webhookReceivers", "0", "serviceUri"]!.GetValue<string>().Should().Be("https://chat.example.com");
        people["webhookReceivers", "0", "useAadAuth"]!.GetValue<bool>().Should().BeFalse();
        people["smsReceivers", "0", "phoneNumber"]!.GetValue<string>().Should().Be("7700900123");
    }

    private static string Query(Resource rule) => rule["criteria", "allOf", "0", "query"]!.GetValue<string>();

    /// <summary>Of the expressions that the app uses: fixed second, minute, hour from the left, stars after.</summary>
    private static TimeSpan Period(string schedule)
    {
        var fields = schedule.Split(' ');
        fields.Should().HaveCount(6);
        fields[3..].Should().AllBe("*", "other schedules are not understood here");
        return fields[1] == "*" ? TimeSpan.FromMinutes(1) : fields[2] == "*" ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
    }
}
