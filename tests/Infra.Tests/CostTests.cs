using System.Globalization;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

/// <summary>Whether the page on costs counts what the app has.</summary>
public sealed class CostTests
{
    private const decimal GigabyteSecond = 0.000004m;
    private const decimal SecondsOfMonth = 2_630_000m;

    private static readonly string Page = Repository.Read("docs/deploy.md");

    [Fact]
    public void AlwaysReadyInstances_AreCountedForEveryTimerFunction()
    {
        var timers = AppSource.Timers.Count;
        var instances = 2 * (2 + timers);

        Page.Should().Contain($"this app has {timers} timer functions, so 2 × (2 + {timers}) = {instances}.");
        Priced("always ready").Should().Be((instances, Cost(instances, gigabytes: 2m)));
        Page.Should().Contain($"| the same with `instanceMemoryMb = 512` | 11 | {Cost(instances, gigabytes: 0.5m)} |");
    }

    private static decimal Cost(int instances, decimal gigabytes)
        => decimal.Round(instances * gigabytes * SecondsOfMonth * GigabyteSecond);

    /// <summary>What the row says of production: how many, and what they cost.</summary>
    private static (int Instances, decimal Cost) Priced(string row)
    {
        var match = Regex.Match(Page, $@"^\| {row}: .*\| (?<count>\d+) → (?<cost>\d+) \|$", RegexOptions.Multiline);
        return (Number(match, "count"), Number(match, "cost"));
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
}
