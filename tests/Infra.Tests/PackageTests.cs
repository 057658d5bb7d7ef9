using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

/// <summary>
/// What <c>dotnet publish functions</c> makes: the app as it is deployed, complete, and with nothing in it that is for one machine only.
/// </summary>
public sealed partial class PackageTests
{
    [Fact]
    public void Package_HoldsWhatTheFunctionsHostStartsFrom()
    {
        using var package = new TemporaryFolder();
        Publish(package.Path);

        var files = Directory.EnumerateFileSystemEntries(package.Path).Select(Path.GetFileName);

        files.Should().Contain(["host.json", "worker.config.json", "functions.metadata", "extensions.json", ".azurefunctions",
            "OmsWorkflows.Functions.dll"]);
        JsonNode.Parse(File.ReadAllText(Path.Combine(package.Path, "functions.metadata")))!.AsArray().Should().HaveCountGreaterThan(50);
    }

    [Fact]
    public void Package_HoldsNothingThatIsForOneMachineOnly()
    {
        using var package = new TemporaryFolder();
        Publish(package.Path);
        var localAssemblies = Repository.Files("local", "*.csproj").Select(project
            => AssemblyName().Match(File.ReadAllText(project)).Groups["name"].Value).ToList();

        var published = Directory.EnumerateFiles(package.Path, "*", SearchOption.AllDirectories).Select(file
            => Path.GetRelativePath(package.Path, file)).ToList();
        var assemblies = published.Select(file => Path.GetFileNameWithoutExtension(file)).ToList();
        var loaded = JsonNode.Parse(File.ReadAllText(Path.Combine(package.Path,
            "OmsWorkflows.Functions.deps.json")))!["libraries"]!.AsObject()
            .Select(library => library.Key.Split('/')[0]);

        localAssemblies.Should().HaveCountGreaterThan(3).And.NotContain(string.Empty);
        assemblies.Should().NotIntersectWith(localAssemblies);
        loaded.Should().NotIntersectWith(localAssemblies);
        published.Should().NotContain(file => file.Contains("local.settings", StringComparison.Ordinal)
            || file.Contains("local.secrets", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AzureStorage", false)]
    [InlineData("azureManaged", true)]
    public void Package_FollowsTheBackendThatHostJsonNames(string backend, bool managed)
    {
        using var folder = new TemporaryFolder();
        var hostJson = Path.Combine(folder.Path, "host.json");
        var content = JsonNode.Parse(Repository.Read(Repository.HostJson))!;
        content["extensions"]!["durableTask"]!["storageProvider"]!["type"] = backend;
        File.WriteAllText(hostJson, content.ToJsonString());

        var named = $"-p:HostJson={Path.GetRelativePath(Repository.Root, hostJson)}";
        var evaluated = JsonNode.Parse(Dotnet("msbuild", Repository.PathOf(Project), named, "-getItem:PackageReference"))!["Items"]!;

        evaluated["PackageReference"]!.AsArray().Select(item => item!["Identity"]!.GetValue<string>())
            .Any(package => package.EndsWith(".AzureManaged", StringComparison.Ordinal)).Should().Be(managed);
    }

    [Fact]
    public void Package_CarriesTheOneHostJson()
    {
        using var package = new TemporaryFolder();
        Publish(package.Path);

        File.ReadAllText(Path.Combine(package.Path, "host.json")).Should().Be(Repository.Read(Repository.HostJson));
        Directory.GetFiles(Repository.Root, "host*.json").Should().ContainSingle();
    }

    private const string Project = "functions/Functions.csproj";

    /// <summary>Publishes what was built for these tests; so this takes a second and writes nothing but the package.</summary>
    private static void Publish(string folder)
    {
        var configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        Dotnet("publish", Repository.PathOf(Project), "--no-build", "--configuration", configuration, "--output", folder);
    }

    private static string Dotnet(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"dotnet {arguments[0]} failed: {output}{said.Result}");
    }

    [GeneratedRegex("<AssemblyName>(?<name>[^<]+)</AssemblyName>")]
    private static partial Regex AssemblyName();

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("package").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
