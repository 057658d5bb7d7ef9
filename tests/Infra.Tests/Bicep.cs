using System.Diagnostics;

namespace OmsWorkflows.Infra.Tests;

/// <summary>Runs the Bicep compiler that this project restores.</summary>
internal static class Bicep
{
    /// <summary>The ARM template of a Bicep file, as text.</summary>
    public static string Build(string file) => Run("build", file, "--stdout").Output;

    /// <summary>
    /// What a deployment with these parameters would ask for, with everything evaluated that does not depend on a deployed resource.
    /// Written beside the parameter file.
    /// </summary>
    public static string Snapshot(string parameters)
    {
        Run("snapshot", parameters, "--mode", "overwrite", "--tenant-id", "00000000-0000-0000-0000-000000000002", "--subscription-id",
            "00000000-0000-0000-0000-000000000001", "--location", "westeurope", "--deployment-name", "main");
        return File.ReadAllText(Path.ChangeExtension(parameters, ".snapshot.json"));
    }

    private static (string Output, string Said) Run(params string[] arguments)
    {
        var path = Repository.Metadata("BicepPath");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? (output, said.Result)
            : throw new InvalidOperationException($"bicep {string.Join(' ', arguments)} failed: {said.Result}");
    }
}
