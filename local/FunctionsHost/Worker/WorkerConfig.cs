using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>How the app's worker is started.</summary>
/// <param name="Executable">The program.</param>
/// <param name="Arguments">What stands before the arguments of the protocol.</param>
internal sealed record WorkerConfig(string Executable, IReadOnlyList<string> Arguments)
{
    private const string Language = "dotnet-isolated";

    /// <summary>Reads worker.config.json, which a build or publish of an isolated app writes.</summary>
    /// <exception cref="StartRefusedException">The folder is no such output, or its language is not served.</exception>
    public static WorkerConfig Read(string appFolder)
    {
        if (!Directory.Exists(appFolder))
            throw new StartRefusedException($"--app {appFolder}: there is no such folder.");

        var path = Path.Combine(appFolder, "worker.config.json");
        if (!File.Exists(path))
            throw new StartRefusedException($"--app {appFolder}: no worker.config.json; it must be the output of a '{Language}' app.");

        return StartRefusedException.Reading(path, () =>
        {
            var description = JsonNode.Parse(File.ReadAllText(path))?["description"];
            var language = description?["language"]?.ToString();
            if (language != Language)
                throw new StartRefusedException($"{path}: language '{language}' is not served. This host runs '{Language}' only.");

            var worker = description?["defaultWorkerPath"]?.ToString() ?? "";
            var file = Path.GetFullPath(worker, appFolder);
            if (!File.Exists(file))
                throw new StartRefusedException($"{path} names {worker}, which is not there.");

            var executable = description?["defaultExecutablePath"]?.ToString() ?? "dotnet";
            return executable == "dotnet"
                ? new WorkerConfig(FindDotnet(), [file])
                : new WorkerConfig(Path.GetFullPath(executable.Replace("{WorkerRoot}", "", StringComparison.Ordinal), appFolder), []);
        });
    }

    /// <summary>The .NET that runs this host; the one in PATH may be another.</summary>
    private static string FindDotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent?.Parent?.Parent;
        return root is not null && File.Exists(Path.Combine(root.FullName, name)) ? Path.Combine(root.FullName, name) : name;
    }
}
