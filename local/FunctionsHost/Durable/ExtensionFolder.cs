using System.Runtime.Loader;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.FunctionsHost.Durable;

/// <summary>
/// The extensions the app was published with: extensions.json names them, their assemblies lie in .azurefunctions. So what runs here is the version
/// that is deployed.
/// </summary>
internal sealed class ExtensionFolder
{
    /// <summary>Reads functions.metadata, where the worker does not list its functions itself; not needed here.</summary>
    private const string MetadataLoader = "Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader";

    private readonly List<string> typeNames;

    private ExtensionFolder(List<string> typeNames) => this.typeNames = typeNames;

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
        try
        {
            var extensions = JsonNode.Parse(File.ReadAllText(path))?["extensions"] as JsonArray ?? [];
            return new([.. extensions.Select(extension => extension?["typeName"]?.ToString() ?? "").Where(type => !type.Contains(MetadataLoader, StringComparison.Ordinal))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{path} cannot be read: {StartRefusedException.Cause(e)}", e);
        }
    }

    /// <summary>Whether an extension of this assembly is among them.</summary>
    public bool Has(string assembly) => typeNames.Exists(type => type.Contains($" {assembly},", StringComparison.Ordinal));

    /// <summary>The types that set the extensions up.</summary>
    /// <exception cref="StartRefusedException">One of them cannot be loaded.</exception>
    public IEnumerable<Type> StartupTypes() => typeNames.Select(name =>
    {
        try
        {
            return Type.GetType(name, throwOnError: true)!;
        }
        catch (Exception e) when (e is TypeLoadException or IOException or BadImageFormatException)
        {
            throw new StartRefusedException($"The extension {name} cannot be loaded: {StartRefusedException.Cause(e)}", e);
        }
    });
}
