using OmsWorkflows.Local.AppHost;

namespace OmsWorkflows.Console.Tests;

public sealed class SizeTests
{
    [Fact]
    public void Console_StaysSmallEnoughToBeReadInOneSitting()
    {
        var folder = Path.Combine(Programs.Repository, "functions", "OperatorConsole");

        var page = Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".js" or ".css" or ".html");

        page.Sum(file => File.ReadLines(file).Count()).Should().BeLessThan(1_500);
    }
}
