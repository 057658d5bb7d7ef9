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

        files.Should().Contain(
            ["host.json", "worker.config.json", "functions.metadata", "extensions.json", ".azurefunctions", "OmsWorkflows.Functions.dll"]);
        JsonNode.Parse(File.ReadAllText(Path.Combine(package.Path, "functions.metadata")))!.AsArray().Should().HaveCountGreaterThan(50);
    }

    [Fact]
    public void Package_HoldsNothingThatIsForOneMachineOnly()
    {
        using var package = new TemporaryFolder();
        Publish(package.Path);
        var localAssemblies = Repository.Files("local", "*.csproj")
            .Select(project => AssemblyName().Match(File.ReadAllText(project)).Groups["name"].Value).ToList();

        var published = Directory.EnumerateFiles(package.Path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(package.Path, file)).ToList();
        var assemblies = published.Select(file => Path.GetFileNameWithoutExtension(file)).ToList();
        var dependencies = File.ReadAllText(Path.Combine(package.Path, "OmsWorkflows.Functions.deps.json"));
        var loaded = JsonNode.Parse(dependencies)!["libraries"]!.AsObject()
            .Select(library => library.Key.Split('/')[0]);

        localAssemblies.Should().HaveCountGreaterThan(3).And.NotContain(string.Empty);
        assemblies.Should().NotIntersectWith(localAssemblies);
        loaded.Should().NotIntersectWith(localAssemblies);
        published.Should().NotContain(file => file.StartsWith("local.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AzureStorage", "host.json")]
    [InlineData("DurableTaskScheduler", "host.scheduler.json")]
    public void Package_CarriesTheHostJsonOfItsBackend_AndNoOther(string backend, string file)
    {
        var answer = Dotnet("msbuild", Repository.PathOf(Project), $"-p:DurableBackend={backend}", "-getItem:None,PackageReference");
        var evaluated = JsonNode.Parse(answer)!["Items"]!;

        var published = evaluated["None"]!.AsArray().Select(item => item!.AsObject())
            .Where(item => item["Link"]?.GetValue<string>() is "host.json")
            .Select(item => (Path.GetFileName(item["Identity"]!.GetValue<string>()), item["CopyToOutputDirectory"]!.GetValue<string>()));
        var managed = evaluated["PackageReference"]!.AsArray()
            .Any(item => item!["Identity"]!.GetValue<string>().EndsWith(".AzureManaged", StringComparison.Ordinal));

        published.Should().Equal((file, "PreserveNewest"));
        managed.Should().Be(backend == "DurableTaskScheduler");
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
