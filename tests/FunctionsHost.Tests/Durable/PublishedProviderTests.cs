using System.Diagnostics;
using System.Text.Json.Nodes;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Durable;

/// <summary>
/// The SQLite provider as somebody else's app has it: the packages from a feed, one package reference, a publish. A host that knows nothing
/// of the provider finds it in what was published.
/// </summary>
public sealed class PublishedProviderTests : IDisposable
{
    private static readonly string[] Packages = ["DurableTask.Sqlite", "DurableTask.Sqlite.Extension", "DurableTask.Sqlite.Worker"];

    private readonly string _folder = HostProcess.NewFolder();

    // Restored packages are kept by their version.
    private readonly string _version = $"1.0.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";

    [Fact]
    public async Task Publish_AppReferencesThePackage_APlainWebJobsHostRunsOrchestrationsWithIt()
    {
        foreach (var package in Packages)
        {
            var project = Path.Combine(HostProcess.Repository, "local", package);
            await DotnetAsync(
                HostProcess.Repository,
                ["pack", project, "-o", Feed, $"-p:Version={_version}", "--artifacts-path", Path.Combine(_folder, "artifacts")]);
        }

        var app = MakeApp();
        await DotnetAsync(app, ["publish", "-o", Published]);

        var extensions = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Published, "extensions.json")))!["extensions"]!.AsArray();
        extensions.Should().Contain(extension => $"{extension!["typeName"]}".StartsWith(
            "DurableTask.Sqlite.Extension.SqliteProviderStartup, DurableTask.Sqlite.Extension,", StringComparison.Ordinal));
        File.Exists(Path.Combine(Published, ".azurefunctions", "DurableTask.Sqlite.Extension.dll")).Should().BeTrue();
        var database = Path.Combine(_folder, "durable.db");
        var output = await DotnetAsync(_folder, [WebJobsHost, Published, database]);
        output.Should().Contain("Completed: Hello World");
        File.Exists(database).Should().BeTrue();
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var package in Packages)
        {
            var restored = Path.Combine(packages, package.ToLowerInvariant(), _version);
            if (Directory.Exists(restored))
                Directory.Delete(restored, recursive: true);
        }
    }

    private string Feed => Path.Combine(_folder, "feed");

    private string Published => Path.Combine(_folder, "published");

    private static string WebJobsHost => Path.Combine(HostProcess.App("WebJobsHost"), "OmsWorkflows.WebJobsHost.dll");

    /// <summary>A folder of its own, as a user's would be: nothing of this repository but the versions of the packages.</summary>
    private string MakeApp()
    {
        var app = Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName;
        var versions = File.ReadAllText(Path.Combine(HostProcess.Repository, "Directory.Packages.props"));
        var ours = $"""<ItemGroup><PackageVersion Include="DurableTask.Sqlite.Worker" Version="{_version}" /></ItemGroup></Project>""";
        File.WriteAllText(Path.Combine(app, "Directory.Packages.props"), versions.Replace("</Project>", ours));
        File.WriteAllText(Path.Combine(app, "NuGet.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />
                <add key="feed" value="{Feed}" />
              </packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(app, "App.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <AzureFunctionsVersion>v4</AzureFunctionsVersion>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.Azure.Functions.Worker" />
                <PackageReference Include="Microsoft.Azure.Functions.Worker.Extensions.DurableTask" />
                <PackageReference Include="Microsoft.Azure.Functions.Worker.Sdk" />
                <PackageReference Include="DurableTask.Sqlite.Worker" />
                <None Update="host.json" CopyToOutputDirectory="PreserveNewest" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(app, "host.json"), """
            { "version": "2.0", "extensions": { "durableTask": { "storageProvider": { "type": "sqlite", "path": "durable.db" } } } }
            """);
        File.WriteAllText(Path.Combine(app, "Program.cs"), """
            using Microsoft.Azure.Functions.Worker;
            using Microsoft.Azure.Functions.Worker.Builder;
            using Microsoft.Extensions.Hosting;

            await FunctionsApplication.CreateBuilder(args).Build().RunAsync();

            public static class Activities
            {
                [Function(nameof(Greet))]
                public static string Greet([ActivityTrigger] string name) => $"Hello {name}";
            }
            """);
        return app;
    }

    private static async Task<string> DotnetAsync(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, "dotnet {0}: {1}{2}", string.Join(' ', arguments), texts[0], texts[1]);
        return texts[0];
    }
}
