using System.Text.Json;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Timers;

/// <summary>Timer functions of the sample app, each run of which is a line in a file.</summary>
public sealed class TimerTests
{
    private readonly string _folder = HostProcess.NewFolder();

    private string Log => Path.Combine(_folder, "timer.log");

    [Fact]
    public async Task Start_SettingWithSchedule_TheFunctionRunsAgainAndAgain()
    {
        await using var host = await StartAsync("* * * * * *");

        await Until.TrueAsync("it has run three times", () => Runs("Tick").Count >= 3);
        Runs("Tick").Should().OnlyContain(run => run.Contains("pastDue=False"));
    }

    [Fact]
    public async Task Start_RunOnStartup_RunsOnceAtOnce()
    {
        await using var host = await StartAsync();

        await Until.TrueAsync("it has run", () => Runs("AtStart").Count > 0);
        await host.StopAsync();
        Runs("AtStart").Should().ContainSingle().Which.Should().Contain("pastDue=False");
        Runs("Daily").Should().BeEmpty("it is not due");
    }

    [Fact]
    public async Task Start_OccurrenceWasMissedWhileTheHostWasDown_IsMadeUpForOnce()
    {
        await using (var first = await StartAsync())
            await Until.TrueAsync("the host has noted when it is due", () => Status().Contains("Daily") && Runs("AtStart").Count == 1);
        // Two days pass.
        var statuses = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, DateTime>>>(Status())!;
        statuses["Daily"]["LastUpdated"] = statuses["Daily"]["LastUpdated"].AddDays(-2);
        await File.WriteAllTextAsync(StatusFile, JsonSerializer.Serialize(statuses));

        await using (var second = await StartAsync())
            await Until.TrueAsync("it has run", () => Runs("Daily").Count > 0 && Runs("AtStart").Count == 2);
        await using (var third = await StartAsync())
            await Until.TrueAsync("the third start is as far", () => Runs("AtStart").Count == 3);

        Runs("Daily").Should().ContainSingle().Which.Should().Contain("pastDue=True");
    }

    private string StatusFile => Path.Combine(_folder, "durable.timers.json");

    private string Status() => File.Exists(StatusFile) ? File.ReadAllText(StatusFile) : "";

    private Task<HostProcess> StartAsync(string schedule = "0 0 0 1 1 *")
        => HostProcess.StartAsync(_folder, environment: new() { ["TICK_SCHEDULE"] = schedule, ["TIMER_LOG"] = Log });

    private List<string> Runs(string function)
        => File.Exists(Log) ? [.. File.ReadAllLines(Log).Where(line => line.StartsWith($"{function} ", StringComparison.Ordinal))] : [];
}
