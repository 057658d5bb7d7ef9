using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost;

namespace OmsWorkflows.Benchmarks.Hosts;

/// <summary>A copy of the sample app's output that brings the in-memory provider as well.</summary>
internal static class BenchmarkApp
{
    /// <summary>Makes it; returns its folder.</summary>
    public static string Make(string folder)
    {
        Copy(Output("Sample"), folder, overwrite: true);
        // What the app and the host have already is theirs.
        Copy(Output("MemoryProvider"), Path.Combine(folder, ".azurefunctions"), overwrite: false);
        var path = Path.Combine(folder, "extensions.json");
        var extensions = JsonNode.Parse(File.ReadAllText(path))!;
        extensions["extensions"]!.AsArray().Add(new JsonObject
        {
            ["name"] = "Memory",
            ["typeName"] = "OmsWorkflows.MemoryProvider.MemoryProviderStartup, OmsWorkflows.MemoryProvider",
        });
        File.WriteAllText(path, extensions.ToJsonString());
        return folder;
    }

    /// <summary>Built like this program: as Release or as Debug.</summary>
    private static string Output(string app)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(Programs.Repository, "tests", "Apps", app, "bin", configuration, "net10.0");
    }

    private static void Copy(string from, string to, bool overwrite)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (overwrite || !File.Exists(copy))
                File.Copy(file, copy, overwrite);
        }
    }
}
