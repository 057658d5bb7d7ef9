using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

public sealed partial class WorkflowTests
{
    [Fact]
    public void EveryAction_IsPinnedToACommit()
    {
        var uses = Repository.Files(".github/workflows", "*.yml").SelectMany(file => Uses().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["action"].Value).ToList();

        uses.Should().NotBeEmpty().And.AllSatisfy(
            action => action.Should().MatchRegex("@[0-9a-f]{40}$", "a tag can be moved to other code"));
    }

    [Fact]
    public void NoWorkflow_UsesAStoredAzureCredential()
    {
        foreach (var file in Repository.Files(".github/workflows", "*.yml"))
        {
            var text = File.ReadAllText(file);
            text.Should().NotMatchRegex("(?i)AZURE_CREDENTIALS|client-secret|publish-profile");
            text.Should().Contain("permissions:", "a workflow without it gets whatever the repository's default is");
        }
    }

    [GeneratedRegex(@"^\s*-?\s*uses:\s*(?<action>\S+)", RegexOptions.Multiline)]
    private static partial Regex Uses();
}
