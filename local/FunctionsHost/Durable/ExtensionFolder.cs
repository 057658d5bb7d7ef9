using System.Runtime.Loader;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.FunctionsHost.Durable;

/// <summary>
/// The extensions the app was published with: extensions.json names them, their assemblies lie in .azurefunctions. So what runs here is the
/// version that is deployed.
/// </summary>
internal sealed class ExtensionFolder(List<string> typeNames)
{
    /// <summary>Reads functions.metadata, where the worker does not list its functions itself; not needed here.</summary>
    private const string MetadataLoader = "Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader";

    /// <summary>Reads extensions.json, and lets the runtime find the assemblies.</summary>
    /// <exception cref="StartRefusedException">The file cannot be read.</exception>
    public static ExtensionFolder Open(string appFolder)
    {
        var path = Path.Combine(appFolder, "extensions.json");
        var assemblies = Path.Combine(appFolder, ".azurefunctions");
        if (!File.Exists(path))
            return new([]);

        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            var file = Path.Combine(assemblies, $"{name.Name}.dll");
            return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
        };
        return StartRefusedException.Reading(path, () =>
        {
            var extensions = JsonNode.Parse(File.ReadAllText(path))?["extensions"] as JsonArray ?? [];
            var types = extensions.Select(extension => extension?["typeName"]?.ToString() ?? "");
            return new ExtensionFolder([.. types.Where(type => !type.Contains(MetadataLoader, StringComparison.Ordinal))]);
        });
    }

    /// <summary>Whether an extension of this assembly is among them.</summary>
    public bool Has(string assembly) => typeNames.Exists(type => type.Contains($" {assembly},", StringComparison.Ordinal));

    /// <summary>The types that set the extensions up.</summary>
    public IEnumerable<Type> StartupTypes() => typeNames.Select(name => Type.GetType(name, throwOnError: true)!);
}
