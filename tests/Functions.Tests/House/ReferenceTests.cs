using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Functions.Tests.House;

/// <summary>A comment that cites a page leads somewhere: the page exists, and so does the section.</summary>
public sealed partial class ReferenceTests
{
    public static TheoryData<string> Folders => ["functions", "analyzers", "local", "infra", "docs", "tests"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_page_and_section_that_is_cited_exists(string folder)
    {
        var dangling = Files(folder).SelectMany(file => Citation().Matches(File.ReadAllText(file))
            .Where(citation => !Resolves(citation))
            .Select(citation => $"{Path.GetRelativePath(Repository.Root, file)}: {citation.Value}"));

        dangling.Should().BeEmpty();
    }

    [Theory]
    [InlineData("docs/oms-api.md 7.3", true)]
    [InlineData("docs/oms-api.md 12.10", true)]
    [InlineData("docs/oms-api.md 7.3 and 12", true)]
    [InlineData("docs/oms-api.md 7.9", false)]
    [InlineData("docs/oms-api.md 12.11", false)]
    [InlineData("docs/oms-api.md 7.3 and 99", false)]
    [InlineData("docs/no-such-page" + ".md", false)]
    public void A_citation_resolves_only_if_page_and_section_exist(string citation, bool resolves)
        => Resolves(Citation().Match(citation)).Should().Be(resolves);

    private static bool Resolves(Match citation)
    {
        var page = Path.Combine(Repository.Root, citation.Groups["page"].Value);
        return File.Exists(page) && citation.Groups["section"].Captures.All(section => Sections(page).Contains(section.Value));
    }

    /// <summary>Numbers of headings, and of the items of a numbered list under a heading.</summary>
    private static HashSet<string> Sections(string page)
    {
        var sections = new HashSet<string>(StringComparer.Ordinal);
        var heading = "";
        foreach (var line in File.ReadLines(page))
        {
            if (Heading().Match(line) is { Success: true } found)
                sections.Add(heading = found.Groups[1].Value);
            else if (Item().Match(line) is { Success: true } item)
                sections.Add($"{heading}.{item.Groups[1].Value}");
        }

        return sections;
    }

    private static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories)
        .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".bicep" or ".csproj")
        .Where(file => Path.GetFileName(file) != Path.GetFileName(ThisFile()))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"(?<page>docs/[\w/-]+\.md)(?: (?<section>\d+(?:\.\d+)?)(?:(?:,| and| to) (?<section>\d+(?:\.\d+)?))*)?")]
    private static partial Regex Citation();

    [GeneratedRegex(@"^#+ (\d+(?:\.\d+)?)\.? ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(\d+)\. ")]
    private static partial Regex Item();
}
