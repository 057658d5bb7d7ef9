using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Settings;

/// <summary>Where settings come from, and which of them wins.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly string _app = Path.Combine(HostProcess.NewFolder(), "app");

    [Fact]
    public async Task Start_LocalSettings_ReachTheWorkerBelowTheEnvironment()
    {
        CopySample("""
            {
              "Values": { "ONLY_IN_FILE": "file", "IN_BOTH": "file", "Nested:Name": "nested", "TICK_SCHEDULE": "0 0 0 1 1 *" },
              // A comment, as Core Tools allow it.
            }
            """);

        await using var host = await HostProcess.StartAsync(app: _app, environment: new() { ["IN_BOTH"] = "environment" });

        (await host.Http.GetStringAsync("/v1/settings/ONLY_IN_FILE")).Should().Be("file");
        (await host.Http.GetStringAsync("/v1/settings/IN_BOTH")).Should().Be("environment");
        (await host.Http.GetStringAsync("/v1/settings/Nested__Name")).Should().Be("nested");
        (await host.Http.GetStringAsync("/v1/settings/WEBSITE_HOSTNAME")).Should().Be($"localhost:{host.Port}");
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_app)!, recursive: true);

    private void CopySample(string localSettings)
    {
        foreach (var file in Directory.EnumerateFiles(HostProcess.SampleApp, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_app, Path.GetRelativePath(HostProcess.SampleApp, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.WriteAllText(Path.Combine(_app, "local.settings.json"), localSettings);
    }
}
