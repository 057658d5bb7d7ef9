using OmsWorkflows.Local.AppHost;

namespace OmsWorkflows.Console.Tests;

public sealed class SizeTests
{
    [Fact]
    public void Console_StaysSmallEnoughToBeReadInOneSitting()
    {
        var folder = Path.Combine(Programs.Repository, "functions", "OperatorConsole");

        Directory.EnumerateFiles(folder).Sum(file => File.ReadLines(file).Count()).Should().BeLessThan(1_500);
    }
}
