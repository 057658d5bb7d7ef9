using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

/// <summary>
/// What <c>azd up</c> does with the service's project: it makes user secrets for it, publishes it, and writes the deployment's outputs
/// into the
/// secrets; it stops at the first of these calls that fails.
/// </summary>
public sealed partial class AzdTests
{
    private static string Project => Project_().Match(Repository.Read("azure.yaml")).Groups["path"].Value;

    [Fact]
    public void Service_IsTheAppItself()
        => Directory.GetFiles(Repository.PathOf(Project), "*.csproj").Select(file => Path.GetFileName(file))
            .Should().Equal("Functions.csproj");

    [Fact]
    public void Initialize_SucceedsAndChangesNoTrackedFile()
    {
        using var copy = new ProjectCopy();
        var before = File.ReadAllText(copy.File);

        var result = copy.UserSecrets("init", "--project", copy.Folder);

        result.ExitCode.Should().Be(0, result.Output + result.Said);
        File.ReadAllText(copy.File).Should().Be(before, "the project has a UserSecretsId of its own, so there is nothing to add");
    }

    [Fact]
    public void Outputs_CanBeWrittenAsSecrets()
    {
        using var copy = new ProjectCopy();
        copy.UserSecrets("init", "--project", copy.Folder).ExitCode.Should().Be(0);

        foreach (var (name, value) in Deployment.Of("dev").Outputs.Select(output => (output.Key, output.Value!.ToString())))
        {
            var result = copy.UserSecrets("set", name.Replace("__", ":", StringComparison.Ordinal), value, "--project", copy.Folder);
            result.ExitCode.Should().Be(0, result.Output + result.Said);
        }
    }

    [Fact]
    public void Hooks_ThatAreNamed_Exist()
        => Hook().Matches(Repository.Read("azure.yaml")).Select(match => Repository.PathOf(match.Groups["path"].Value))
            .Should().HaveCount(2)
            .And.AllSatisfy(path => File.Exists(path).Should().BeTrue(path));

    [GeneratedRegex(@"^\s+project:\s*(?<path>\S+)", RegexOptions.Multiline)]
    private static partial Regex Project_();

    [GeneratedRegex(@"^\s+run:\s*(?<path>\S+)", RegexOptions.Multiline)]
    private static partial Regex Hook();

    /// <summary>The project with what its evaluation reads, elsewhere, and a home of its own for the secrets.</summary>
    private sealed class ProjectCopy : IDisposable
    {
        private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("azd");

        public ProjectCopy()
        {
            string[] files =
            [
                .. Directory.GetFiles(Repository.Root, "Directory.*"),
                .. ((string[])["global.json", "NuGet.config", Repository.HostJson]).Select(name => Repository.PathOf(name)),
                .. Directory.GetFiles(Repository.PathOf(Project), "*.csproj"),
                .. Repository.Files("local", "*.targets"),
            ];
            foreach (var file in files)
            {
                var target = Path.Combine(_root.FullName, Path.GetRelativePath(Repository.Root, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                System.IO.File.Copy(file, target);
            }
        }

        public string Folder => Path.Combine(_root.FullName, Project);

        public string File => Path.Combine(Folder, "Functions.csproj");

        public Tool.Result UserSecrets(params string[] arguments)
        {
            var home = new Dictionary<string, string> { ["HOME"] = _root.FullName, ["APPDATA"] = _root.FullName, ["DOTNET_NOLOGO"] = "1" };
            return Tool.Run("dotnet", ["user-secrets", .. arguments], _root.FullName, home);
        }

        public void Dispose() => _root.Delete(recursive: true);
    }
}
