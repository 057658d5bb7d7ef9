using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Infra.Tests;

/// <summary>
/// What is deployed for an environment, compiled from the Bicep files as they are now (not from the snapshot checked in).
/// </summary>
internal sealed class Deployment
{
    private static readonly ConcurrentDictionary<string, Lazy<Deployment>> Compiled = new();

    private Deployment(JsonObject snapshot)
    {
        Resources = [.. snapshot["predictedResources"]!.AsArray().Select(resource => new Resource(resource!.AsObject()))];
        Outputs = snapshot["outputs"]!.AsObject();
    }

    /// <summary>The environments that have a parameter file.</summary>
    public static TheoryData<string> Environments =>
        [.. Directory.EnumerateDirectories(
            Repository.PathOf("infra", "environments")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public IReadOnlyList<Resource> Resources { get; }

    public JsonObject Outputs { get; }

    /// <summary>Names and values of the app's settings.</summary>
    public IReadOnlyDictionary<string, string> AppSettings
        => All("Microsoft.Web/sites/config").Single(config => config.Name.EndsWith("/appsettings", StringComparison.Ordinal))
        .Properties.ToDictionary(setting => setting.Key, setting => setting.Value!.GetValue<string>());

    public bool UsesScheduler => All("Microsoft.DurableTask/schedulers").Count > 0;

    public static Deployment Of(string environment) => Compiled.GetOrAdd(environment, name => new(() => Compile(name))).Value;

    public IReadOnlyList<Resource> All(string type) => [.. Resources.Where(resource => resource.Type == type)];

    private static Deployment Compile(string environment)
    {
        var copy = Directory.CreateTempSubdirectory("infra");
        try
        {
            foreach (var file in Repository.Files("infra", "*.bicep*").Append(Repository.PathOf("infra", "bicepconfig.json")).Distinct())
            {
                var target = Path.Combine(copy.FullName, Path.GetRelativePath(Repository.PathOf("infra"), file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target, overwrite: true);
            }

            var snapshot = Bicep.Snapshot(Path.Combine(copy.FullName, "environments", environment, "main.bicepparam"));
            return new(JsonNode.Parse(snapshot)!.AsObject());
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}

/// <summary>One resource of a deployment.</summary>
internal sealed record Resource(JsonObject Json)
{
    public string Id => Json["id"]!.GetValue<string>();

    public string Type => Json["type"]!.GetValue<string>();

    public string Name => Json["name"]!.GetValue<string>();

    public JsonObject Properties => Json["properties"]!.AsObject();

    /// <summary>Value at a path of member names and indexes, or null.</summary>
    public JsonNode? this[params string[] path]
        => path.Aggregate(
            (JsonNode?)Properties,
            (node, member) => node is JsonArray list
                ? list[int.Parse(member, System.Globalization.CultureInfo.InvariantCulture)]
                : node?[member]);

    public override string ToString() => Id;
}
