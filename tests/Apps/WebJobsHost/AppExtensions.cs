using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.Json.Nodes;

namespace OmsWorkflows.WebJobsHost;

/// <summary>The extensions of a published app, found as a Functions host finds them: extensions.json names them.</summary>
internal static class AppExtensions
{
    // Reads functions.metadata, which a host without functions of the app has no use for.
    private const string MetadataLoader = "FunctionMetadataLoader";

    public static IReadOnlyList<string> Of(string app)
    {
        var folder = Path.GetFullPath(Path.Combine(app, ".azurefunctions"));
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, $"{name.Name}.dll") is var file && File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
        var native = Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            Path.Combine(native, $"lib{name}.so") is var file && File.Exists(file) ? NativeLibrary.Load(file) : IntPtr.Zero;
        var extensions = JsonNode.Parse(File.ReadAllText(Path.Combine(app, "extensions.json")))!["extensions"]!.AsArray();
        return
        [
            .. extensions.Select(extension => extension!["typeName"]!.GetValue<string>())
                .Where(type => !type.Contains(MetadataLoader, StringComparison.Ordinal)),
        ];
    }
}
