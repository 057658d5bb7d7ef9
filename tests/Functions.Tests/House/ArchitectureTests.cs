using System.Text.RegularExpressions;

namespace OmsWorkflows.Functions.Tests.House;

/// <summary>docs/architecture.md is a map of what is there, and short enough to be walked.</summary>
public sealed partial class ArchitectureTests
{
    private const int FilesOnTheWay = 18;

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    [Fact]
    public void Every_room_is_on_the_map()
    {
        var rooms = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "functions"))
            .Select(folder => Path.GetFileName(folder)!)
            .Except(["bin", "obj", "Properties"]);

        rooms.Should().OnlyContain(room => Page.Contains($"`{room}/`", StringComparison.Ordinal));
    }

    [Fact]
    public void The_way_of_one_cash_in_leads_through_few_files_and_each_exists_once()
    {
        var files = Step().Matches(Page).Select(step => step.Groups["file"].Value).ToList();

        files.Should().NotBeEmpty().And.OnlyHaveUniqueItems().And.HaveCountLessThanOrEqualTo(FilesOnTheWay);
        files.Should().OnlyContain(file => File.Exists(Path.Combine(Repository.Root, file)));
    }

    [GeneratedRegex(@"^\| \d+ \| `(?<file>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Step();
}
