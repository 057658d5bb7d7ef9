using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

/// <summary>One source, two runtimes: only the two props files differ (docs/decisions/0001-two-runtimes.md).</summary>
public sealed partial class FlavourTests
{
    private const string Project = "functions/Functions.csproj";

    private static readonly string[] Switches = ["FunctionsRuntime.Azure.props", "FunctionsRuntime.Local.props"];

    [Theory]
    [InlineData("AzureStorage")]
    [InlineData("DurableTaskScheduler")]
    public void Flavours_CompileTheSameFiles(string backend)
    {
        var local = Evaluate("Local", backend);
        var azure = Evaluate("Azure", backend);

        Files(azure, "Compile").Should().Equal(Files(local, "Compile")).And
            .Contain(file => file.EndsWith("Program.cs", StringComparison.Ordinal));
        Files(azure, "EmbeddedResource").Should().Equal(Files(local, "EmbeddedResource"));
        Files(azure, "AdditionalFiles").Should().Equal(Files(local, "AdditionalFiles"));
        azure["Properties"]!["DefineConstants"]!.GetValue<string>().Should()
            .Be(local["Properties"]!["DefineConstants"]!.GetValue<string>());
    }

    [Fact]
    public void Flavours_ReferTheSamePackages_ButForTheRuntimeItself()
    {
        var local = Files(Evaluate("Local", "AzureStorage"), "PackageReference");
        var azure = Files(Evaluate("Azure", "AzureStorage"), "PackageReference");

        local.Except(azure).Should().BeEmpty();
        azure.Except(local).Should().NotBeEmpty().And
            .OnlyContain(package => package.StartsWith("Microsoft.Azure.Functions.Worker", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AzureStorage", "host.json")]
    [InlineData("DurableTaskScheduler", "host.scheduler.json")]
    public void Package_CarriesTheHostJsonOfItsBackend_AndNoOther(string backend, string file)
    {
        var published = Evaluate("Azure", backend)["Items"]!["None"]!.AsArray().Select(item => item!.AsObject())
            .Where(
                item => item["CopyToOutputDirectory"]?.GetValue<string>() == "PreserveNewest"
                    && item["Identity"]!.GetValue<string>().StartsWith("host", StringComparison.Ordinal))
            .Select(item => (File: item["Identity"]!.GetValue<string>(), Link: item["Link"]?.GetValue<string>()))
            .Select(item => (item.File, As: string.IsNullOrEmpty(item.Link) ? item.File : item.Link));

        published.Should().Equal((file, "host.json"));
    }

    [Fact]
    public void OnlyTheProjectsImport_NamesTheFlavour()
    {
        var files = Repository.Files("functions", "*.*")
            .Where(file => !Switches.Contains(Path.GetFileName(file)) && Path.GetFileName(file) != "packages.lock.json").ToList();

        files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).Should().NotBeEmpty()
            .And.AllSatisfy(file => Directive().IsMatch(File.ReadAllText(file)).Should().BeFalse($"{file} must compile alike both ways"));
        files.Where(file => File.ReadAllText(file).Contains("FunctionsRuntime", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file)).Should().Equal("Functions.csproj");
        FlavourName().Matches(Repository.Read("functions", "Functions.csproj")).Should()
            .ContainSingle("the import is the one place that switches");
    }

    private static IReadOnlyList<string> Files(JsonNode evaluated, string item) =>
        [.. evaluated["Items"]![item]!.AsArray().Select(entry => entry!["Identity"]!.GetValue<string>()).Order(StringComparer.Ordinal)];

    private static JsonNode Evaluate(string runtime, string backend)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            "msbuild", Repository.PathOf(Project), $"-p:FunctionsRuntime={runtime}", $"-p:DurableBackend={backend}",
            "-getItem:Compile,EmbeddedResource,AdditionalFiles,PackageReference,None", "-getProperty:DefineConstants",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonNode.Parse(output)!
            : throw new InvalidOperationException($"msbuild failed: {output}{said.Result}");
    }

    [GeneratedRegex(@"^\s*#(if|elif|define)\b", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"\$\(FunctionsRuntime\)")]
    private static partial Regex FlavourName();
}
