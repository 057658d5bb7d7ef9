using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace OmsWorkflows.Infra.Tests;

public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows => [.. Repository.Files(".github/workflows", "*.yml").Select(file
        => Path.GetFileName(file))];

    [Fact]
    public void EveryAction_IsPinnedToACommit()
    {
        var uses = Repository.Files(".github/workflows", "*.yml").SelectMany(file => Uses().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["action"].Value).Where(action => !action.StartsWith("./", StringComparison.Ordinal)).ToList();

        uses.Should().NotBeEmpty().And.AllSatisfy(
            action => action.Should().MatchRegex("@[0-9a-f]{40}$", "a tag can be moved to other code"));
    }

    [Theory, MemberData(nameof(Workflows))]
    public void NoWorkflow_UsesAStoredAzureCredential(string workflow)
        => Repository.Read(".github", "workflows", workflow).Should().NotMatchRegex("(?i)AZURE_CREDENTIALS|client-secret|publish-profile");

    [Theory, MemberData(nameof(Workflows))]
    public void EveryJob_SaysWhatItMay_AndTheWorkflowGivesNothing(string workflow)
    {
        var root = Read(workflow);

        root.Children[new YamlScalarNode("permissions")].Should().BeOfType<YamlMappingNode>().Which.Children.Should().BeEmpty();
        Jobs(root).Should().NotBeEmpty().And.AllSatisfy(job => job.Value.Children.Keys.Select(key => key.ToString())
            .Should().Contain("permissions", $"{job.Key} must say"));
    }

    [Theory, MemberData(nameof(Workflows))]
    public void JobThatRunsTheProjectsCodeOrItsPackages_CanProveNothingAndReachNothing(string workflow) => Jobs(Read(workflow))
        .Where(job => Regex.IsMatch(Text(job.Value), @"\.ci/run|dotnet (build|publish|test|run|restore)")).Should()
        .AllSatisfy(job => Permissions(job.Value).Should().Equal(new Dictionary<string, string> { ["contents"] = "read" }));

    [Fact]
    public void OneArtefact_IsBuiltOnce_AndItsDigestGoesWithIt()
    {
        var jobs = Jobs(Read("deliver.yml"));

        jobs.Where(job => Text(job.Value).Contains("dotnet publish", StringComparison.Ordinal)).Select(job => job.Key)
            .Should().Equal("package");
        foreach (var environment in (string[])["dev", "prod"])
        {
            Text(jobs[environment]).Should().Contain("./.github/workflows/environment.yml").And.Contain("needs.package.outputs.digest");
            Needs(jobs[environment]).Should().Contain("package");
        }

        Needs(jobs["prod"]).Should().Contain("dev", "what is deployed to prod was deployed to dev");
        Needs(jobs["dev"]).Should().Contain("attest");
        Needs(jobs["package"]).Should().Contain("test");
        var app = Text(Jobs(Read("environment.yml"))["app"]);
        app.IndexOf("sha256sum --check", StringComparison.Ordinal)
            .Should().BePositive().And.BeLessThan(app.IndexOf("config-zip", StringComparison.Ordinal));
        app.IndexOf("gh attestation verify", StringComparison.Ordinal)
            .Should().BePositive().And.BeLessThan(app.IndexOf("config-zip", StringComparison.Ordinal));
    }

    [Fact]
    public void Package_IsRestoredFromItsLockFile_AndARestoreThatWarnsOfAWeaknessFails()
    {
        var package = Text(Jobs(Read("deliver.yml"))["package"]);

        package.Should().Contain("--locked-mode").And.Contain("NuGetAuditMode=all").And.Contain("NU1901;NU1902;NU1903;NU1904");
        package.IndexOf("dotnet restore", StringComparison.Ordinal)
            .Should().BeLessThan(package.IndexOf("dotnet publish", StringComparison.Ordinal));
        package.Should().Contain("dotnet publish functions --no-restore");
    }

    [Fact]
    public void Attestations_AreOfTheArtefactAndItsParts()
    {
        var attest = Jobs(Read("deliver.yml"))["attest"];

        Text(attest).Should().Contain("actions/attest-build-provenance@").And.Contain("actions/attest-sbom@").And.Contain("sbom-path")
            .And.Contain("sha256sum --check");
        Permissions(attest).Should().Contain("id-token", "write").And.Contain("attestations", "write");
    }

    [Fact]
    public void Environment_FirstThePlanThenInfrastructureThenSecretsThenAppThenSmoke()
    {
        var jobs = Jobs(Read("environment.yml"));

        Needs(jobs["infrastructure"]).Should().Equal("plan");
        Needs(jobs["app"]).Should().Equal("infrastructure");
        var app = Text(jobs["app"]);
        string[] order = ["secrets-ready.sh", "config-zip", "smoke.sh"];
        order.Select(step => app.IndexOf(step, StringComparison.Ordinal)).Should().BeInAscendingOrder().And.AllSatisfy(at => at
            .Should().BePositive());
        Text(jobs["plan"]).Should().Contain("plan-guard.sh");
        app.Should().Contain("$GITHUB_SHA", "the smoke test has to tell new code from old");
    }

    [Fact]
    public void Deployments_AreNamedByTheirEnvironment()
        => Repository.Read(".github", "workflows", "environment.yml")
            .Should().Contain("DEPLOYMENT: oms-workflows-${{ inputs.environment }}").And.NotContain("--name oms-workflows ");

    [Fact]
    public void OnlyMain_IsDelivered()
        => Jobs(Read("deliver.yml"))["test"].Children[new YamlScalarNode("if")].ToString().Should().Be("github.ref == 'refs/heads/main'");

    [Fact]
    public void Packages_ComeFromOneNamedSource()
    {
        var config = System.Xml.Linq.XDocument.Parse(Repository.Read("NuGet.config")).Root!;

        config.Element("packageSources")!.Elements().Select(element => element.Name.LocalName).Should().Equal("clear", "add");
        config.Element("packageSourceMapping")!.Elements("packageSource").Should().ContainSingle().Which.Attribute("key")!.Value
            .Should().Be("nuget.org");
    }

    private static YamlMappingNode Read(string workflow)
    {
        using var text = new StringReader(Repository.Read(".github", "workflows", workflow));
        var stream = new YamlStream();
        stream.Load(text);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static Dictionary<string, YamlMappingNode> Jobs(YamlMappingNode workflow)
        => ((YamlMappingNode)workflow.Children[new YamlScalarNode("jobs")])
        .Children.ToDictionary(job => job.Key.ToString(), job => (YamlMappingNode)job.Value);

    private static Dictionary<string, string> Permissions(YamlMappingNode job)
        => ((YamlMappingNode)job.Children[new YamlScalarNode("permissions")])
        .Children.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.ToString());

    private static IEnumerable<string> Needs(YamlMappingNode job) => job.Children.TryGetValue(new YamlScalarNode("needs"), out var needs)
        ? needs is YamlSequenceNode list ? list.Children.Select(node => node.ToString()) : [needs.ToString()]
        : [];

    /// <summary>All that stands in a node, in order.</summary>
    private static string Text(YamlNode node) => string.Join('\n', node.AllNodes.OfType<YamlScalarNode>().Select(scalar => scalar.Value));

    [GeneratedRegex(@"^\s*-?\s*uses:\s*(?<action>\S+)", RegexOptions.Multiline)]
    private static partial Regex Uses();
}
