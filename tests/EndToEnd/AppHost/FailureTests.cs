using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd.AppHost;

/// <summary>What the demonstration says when it cannot go on.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task Wrong_setting_is_named_without_a_stack_and_the_logs_are_kept()
    {
        await using var host = AppHostProcess.Start(new Dictionary<string, string> { ["CashIns__GraceTime"] = "a day" }, "--once");

        var failure = await host.SaidAsync<Failure>("error", CancellationToken.None);

        (await host.Exited).Should().Be(1);
        failure.Message.Should().Be("app ended with exit code 1.");
        failure.LastLines.Should().Contain(line => line.Contains("CashIns:GraceTime must be a duration", StringComparison.Ordinal))
            .And.NotContain(line => line.StartsWith("at ", StringComparison.Ordinal));
        File.ReadAllText(Path.Combine(failure.Logs, "app.log")).Should().Contain("CashIns:GraceTime");
        Directory.Delete(failure.Logs, recursive: true);
    }

    [Fact]
    public async Task Code_that_ran_out_for_good_ends_the_demonstration()
    {
        await using var host = AppHostProcess.Start(
            new Dictionary<string, string> { ["CashIns__MaxRefreshRounds"] = "0" }, "--once", "--code-lifetime", "2");

        await host.SaidAsync<Event>("expired", CancellationToken.None);

        (await host.Exited).Should().Be(1);
        var failure = await host.SaidAsync<Failure>("error", CancellationToken.None);
        Directory.Delete(failure.Logs, recursive: true);
    }

    private sealed record Event(DateTimeOffset At);

    private sealed record Failure(string Message, IReadOnlyList<string> LastLines, string Logs);
}
