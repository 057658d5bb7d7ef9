using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

/// <summary>The first page says all there is: every endpoint, every setting, every page.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = Repository.Read("README.md");

    [Fact]
    public void Readme_ListsEveryEndpoint()
    {
        // The console's files follow from its page.
        var served = AppSource.Endpoints.Except(["GET /api/console/{file}"]);

        served.Should().NotBeEmpty().And.BeSubsetOf(Listed());
    }

    [Fact]
    public void Readme_ListsNoEndpointThatIsNotServed()
        => Listed().Except(["GET /api/console/docs.html"]).Should().BeSubsetOf(AppSource.Endpoints);

    [Fact]
    public void Readme_ListsEverySetting()
    {
        var listed = SettingName().Matches(Readme).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        AppSource.Settings.Keys.Where(name => name.Contains(':', StringComparison.Ordinal)).Should().BeSubsetOf(listed);
    }

    [Fact]
    public void Readme_LinksEveryPage()
    {
        var pages = Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}")
            .Append("CONTRIBUTING.md").Append("CHANGELOG.md").Append("docs/decisions/README.md");

        pages.Should().AllSatisfy(page => Readme.Should().Contain($"]({page})"));
    }

    /// <summary>A path that begins with an ellipsis stands beside the one before it.</summary>
    private static HashSet<string> Listed()
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        var (method, path) = ("", "");
        foreach (Match match in Endpoint().Matches(Readme))
        {
            var given = match.Groups["path"].Value;
            if (!match.Groups["method"].Success && !given.StartsWith('…'))
                continue;
            method = match.Groups["method"] is { Length: > 0 } named ? named.Value : method;
            path = given.StartsWith('…') ? path[..path.LastIndexOf('/')] + given[1..] : given;
            listed.Add($"{method} {path}");
        }

        return listed;
    }

    [GeneratedRegex(@"`((?<method>GET|POST|PATCH|PUT|DELETE) )?(?<path>(/api/|…/)[^`?\s]+)(\?[^`]*)?`", RegexOptions.ExplicitCapture)]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"`(?<name>[A-Z][A-Za-z]+:[A-Z][A-Za-z]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex SettingName();
}
