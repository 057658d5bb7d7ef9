using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

public sealed partial class AlertTests
{
    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Queries_NameEventsThatTheAppEmits(string environment)
    {
        var ids = Queries(environment).SelectMany(query => EventIds().Matches(query))
            .SelectMany(match => Numbers().Matches(match.Groups["ids"].Value))
            .Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture)).Distinct().ToList();

        ids.Should().NotBeEmpty().And.BeSubsetOf(AppSource.EmittedEvents);
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Queries_NameMetricsThatTheAppMeasures(string environment)
    {
        var metrics = Queries(environment).SelectMany(query => MetricName().Matches(query)).Select(match
            => match.Groups["name"].Value).Distinct();

        metrics.Should().NotBeEmpty().And.BeSubsetOf(AppSource.Metrics);
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void EveryAlert_TellsSomebody(string environment)
    {
        var deployment = Deployment.Of(environment);
        var people = deployment.All("Microsoft.Insights/actionGroups").Should().ContainSingle().Which;

        people["emailReceivers"]!.AsArray().Should().NotBeEmpty();
        deployment.All("Microsoft.Insights/scheduledQueryRules").Should().NotBeEmpty()
            .And.AllSatisfy(alert => alert["actions", "actionGroups", "0"]!.GetValue<string>().Should().Be(people.Id));
        deployment.All("Microsoft.Insights/metricAlerts").Should().NotBeEmpty()
            .And.AllSatisfy(alert => alert["actions", "0", "actionGroupId"]!.GetValue<string>().Should().Be(people.Id));
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void WhatMustNotGoUnnoticed_HasAnAlert(string environment)
    {
        var deployment = Deployment.Of(environment);

        deployment.All("Microsoft.Insights/scheduledQueryRules").Select(alert => alert["displayName"]!.GetValue<string>()).Should().Contain(
        [
            "money-differs", "money-taken-not-delivered", "journeys-failed", "journeys-stuck", "journeys-need-review", "inbox-age",
            "webhooks-refused",
            "unclaimed-settlements", "oms-5xx", "oms-throttling", "poison-messages",
        ]);
        deployment.All("Microsoft.Insights/metricAlerts").Select(alert => alert.Name).Should()
            .Contain(name => name.Contains("storage-throttled", StringComparison.Ordinal));
        deployment.All("Microsoft.Consumption/budgets").Should().ContainSingle();
        var daily = deployment.All("Microsoft.CostManagement/scheduledActions").Should().ContainSingle().Which;
        daily["schedule", "frequency"]!.GetValue<string>().Should().Be("Daily");
        daily["notification", "to"]!.AsArray().Should().NotBeEmpty();
        daily["displayName"]!.GetValue<string>().Length.Should().BeLessThanOrEqualTo(25, "Azure refuses longer ones");
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Workbook_ShowsWhatIsPromised_OfFunctionsThatExist(string environment)
    {
        var items = JsonNode.Parse(Deployment.Of(environment).All("Microsoft.Insights/workbooks")
            .Single()["serializedData"]!.GetValue<string>())!["items"]!.AsArray();

        var promised = items.Should().ContainSingle(item => item!["content"]!["query"]!.GetValue<string>().Contains("BudgetLeft",
            StringComparison.Ordinal)).Which!["content"]!;
        var query = promised["query"]!.GetValue<string>();
        promised["timeContext"]!["durationMs"]!.GetValue<long>().Should().Be((long)TimeSpan.FromDays(28).TotalMilliseconds);
        Regex.Count(query, "Objective = ").Should().Be(4, "start, webhook, booking, review");
        RequestNames().Matches(query).SelectMany(match => Quoted(match.Value)).Should().NotBeEmpty().And.BeSubsetOf(AppSource.Functions);
        PhaseNames().Matches(query).SelectMany(match => Quoted(match.Value)).Should().NotBeEmpty().And.BeSubsetOf(AppSource.Phases);
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void EveryAlert_HasItsPlaceInTheOperatorsBook_WithWhatToDo(string environment)
    {
        var book = Repository.Read("docs", "operations.md").Split('\n').Where(line => line.StartsWith("| *", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        var deployment = Deployment.Of(environment);
        var prefix = deployment.All("Microsoft.Insights/actionGroups").Single().Name.Replace("ag-", "", StringComparison.Ordinal) + "-";
        var names = deployment.All("Microsoft.Insights/scheduledQueryRules").Concat(deployment.All("Microsoft.Insights/metricAlerts"))
            .Select(alert => Regex.Replace(alert.Name[prefix.Length..], @"-\d+$", "")).Distinct().ToList();

        names.Should().NotBeEmpty().And.AllSatisfy(name => book.Should().Contain(
            row => row[1].Contains($"*{name}*", StringComparison.OrdinalIgnoreCase) && row[row.Length - 2].Length > 10, name));
    }

    private static IEnumerable<string> Quoted(string text) => Regex.Matches(text, @"""(\w+)""").Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Queries(string environment)
        => Deployment.Of(environment).All("Microsoft.Insights/scheduledQueryRules")
        .Select(alert => alert["criteria", "allOf", "0", "query"]!.GetValue<string>())
        .Concat(
            Deployment.Of(environment).All("Microsoft.Insights/workbooks")
                .Select(workbook => workbook["serializedData"]!.GetValue<string>()));

    [GeneratedRegex(@"Properties\.EventId\)\s*(==|in)\s*\(?(?<ids>[\d,\s]+)")]
    private static partial Regex EventIds();

    [GeneratedRegex(@"AppRequests \| where Name (==|in) [^|]+")]
    private static partial Regex RequestNames();

    [GeneratedRegex(@"phase\) (==|in) \(?[^)|]+")]
    private static partial Regex PhaseNames();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"Name == \\?[""'](?<name>oms_workflows[^""'\\]+)")]
    private static partial Regex MetricName();
}
