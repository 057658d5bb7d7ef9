namespace OmsWorkflows.Console.Tests;

public sealed class SizeTests
{
    [Fact]
    public void Console_StaysSmallEnoughToBeReadInOneSitting()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Workflows.sln")))
        {
            folder = folder.Parent!;
        }

        Directory.EnumerateFiles(Path.Combine(folder.FullName, "functions", "OperatorConsole")).Sum(file => File.ReadLines(file).Count()).Should().BeLessThan(1_500);
    }
}
