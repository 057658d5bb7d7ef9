using System.Diagnostics;

namespace OmsWorkflows.Functions.Tests.Operations;

/// <summary>The app as a command-line tool, as a process of its own without any settings.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("webhooks")]
    [InlineData("help")]
    [InlineData("webhooks", "--help")]
    [InlineData("webhooks", "list", "--help")]
    [InlineData("notifications", "help")]
    [InlineData("ledger", "-h")]
    public async Task Help_needs_no_settings(params string[] args)
    {
        var (code, output, errors) = await RunAsync(args);

        code.Should().Be(0, errors);
        output.Should().Contain("webhooks list").And.Contain("ledger restore");
        errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("webhooks", "list")]
    [InlineData("webhooks", "rotate")]
    [InlineData("ledger", "list")]
    [InlineData("notifications", "replay", "2026-06-10", "2026-06-11")]
    public async Task Command_without_settings_names_what_is_missing_in_a_line(params string[] args)
    {
        var (code, _, errors) = await RunAsync(args);

        code.Should().Be(1);
        errors.Trim().Should().ContainAny("Oms:BaseUrl", "Tables:ConnectionString").And.NotContain("\n");
    }

    [Fact]
    public async Task Command_that_is_none_says_which_there_are()
    {
        var (code, _, errors) = await RunAsync(["ledger", "burn"]);

        code.Should().Be(2);
        errors.Should().Contain("ledger restore");
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "OmsWorkflows.Functions.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(name => name.Contains("__", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
