using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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

    /// <summary>Names of the app's settings as the app reads them.</summary>
    public IEnumerable<string> SettingNames => AppSettings.Keys.Select(name => name.Replace("__", ":", StringComparison.Ordinal));

    public bool UsesScheduler => All("Microsoft.DurableTask/schedulers").Count > 0;

    public static Deployment Of(string environment) => Of(environment, []);

    /// <summary>The same with other parameters: name and value as a parameter file says them.</summary>
    public static Deployment Of(string environment, params (string Parameter, string Value)[] changes)
    {
        var hostJson = JsonNode.Parse(Repository.Read(Repository.HostJson))!;
        return Of(environment, hostJson["extensions"]!["durableTask"]!["storageProvider"]!["type"]!.GetValue<string>(), changes);
    }

    /// <summary>The same with another backend of orchestrations, as host.json names it.</summary>
    public static Deployment Of(string environment, string backend, params (string Parameter, string Value)[] changes)
    {
        var key = $"{environment} {backend} {string.Join(' ', changes)}";
        return Compiled.GetOrAdd(key, _ => new(() => Compile(environment, backend, changes))).Value;
    }

    public IReadOnlyList<Resource> All(string type) => [.. Resources.Where(resource => resource.Type == type)];

    private static Deployment Compile(string environment, string backend, (string Parameter, string Value)[] changes)
    {
        var copy = Directory.CreateTempSubdirectory("infra");
        try
        {
            foreach (var file in Repository.Files("infra", "*.bicep*").Append(Repository.PathOf("infra", "bicepconfig.json"))
                .Append(Repository.PathOf(Repository.HostJson)).Distinct())
            {
                var target = Path.Combine(copy.FullName, Path.GetRelativePath(Repository.Root, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target, overwrite: true);
            }

            SetBackend(Path.Combine(copy.FullName, Repository.HostJson), backend);
            var parameters = Path.Combine(copy.FullName, "infra", "environments", environment, "main.bicepparam");
            SetParameters(parameters, changes);
            return new(JsonNode.Parse(Bicep.Snapshot(parameters))!.AsObject());
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static void SetBackend(string hostJson, string backend)
    {
        var content = JsonNode.Parse(File.ReadAllText(hostJson))!;
        content["extensions"]!["durableTask"]!["storageProvider"]!["type"] = backend;
        File.WriteAllText(hostJson, content.ToJsonString());
    }

    /// <summary>Each is a statement that begins with its name and ends before the next one.</summary>
    private static void SetParameters(string file, (string Parameter, string Value)[] changes)
    {
        var text = File.ReadAllText(file);
        foreach (var (parameter, value) in changes)
            text = Regex.Replace(text, $@"^param {parameter} =(.|\n(?!param |//))*", "",
                RegexOptions.Multiline) + $"\nparam {parameter} = {value}\n";
        File.WriteAllText(file, text);
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
