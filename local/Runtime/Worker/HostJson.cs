using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DurableTask.Worker;

namespace OmsWorkflows.Local.Runtime.Worker;

/// <summary>What this runtime reads of host.json; everything else in it is for the Functions host.</summary>
/// <param name="RoutePrefix"><c>extensions.http.routePrefix</c>; <c>api</c> if not set.</param>
/// <param name="DefaultVersion"><c>extensions.durableTask.defaultVersion</c>.</param>
/// <param name="VersionMatchStrategy"><c>extensions.durableTask.versionMatchStrategy</c>: <c>None</c>, <c>Strict</c> or <c>CurrentOrOlder</c>.</param>
/// <param name="VersionFailureStrategy"><c>extensions.durableTask.versionFailureStrategy</c>: <c>Reject</c> or <c>Fail</c>.</param>
/// <param name="MaxConcurrentActivities"><c>extensions.durableTask.maxConcurrentActivityFunctions</c>.</param>
/// <param name="LogLevels"><c>logging.logLevel</c>.</param>
internal sealed record HostJson(
    string RoutePrefix,
    string? DefaultVersion,
    string? VersionMatchStrategy,
    string? VersionFailureStrategy,
    int? MaxConcurrentActivities,
    IReadOnlyDictionary<string, string> LogLevels)
{
    /// <summary>Reads the file; without one, the defaults of the Functions host hold.</summary>
    /// <exception cref="InvalidOperationException">The file is not JSON, or is not for version 2.0 of the schema.</exception>
    public static HostJson Read(string path)
    {
        if (!File.Exists(path))
            return new("api", null, null, null, null, new Dictionary<string, string>());

        JsonNode root;
        try
        {
            root = JsonNode.Parse(File.ReadAllText(path), documentOptions: LocalSettings.Lenient) ?? new JsonObject();
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"{path} is not valid JSON: {e.Message}", e);
        }

        if (root["version"]?.ToString() != "2.0")
            throw new InvalidOperationException($"{path}: \"version\" must be \"2.0\".");

        var durable = root["extensions"]?["durableTask"];
        return new(
            root["extensions"]?["http"]?["routePrefix"]?.ToString() ?? "api",
            NotEmpty(durable?["defaultVersion"]),
            NotEmpty(durable?["versionMatchStrategy"]),
            NotEmpty(durable?["versionFailureStrategy"]),
            durable?["maxConcurrentActivityFunctions"]?.GetValue<int>(),
            root["logging"]?["logLevel"] is JsonObject levels
                ? levels.ToDictionary(level => level.Key, level => level.Value?.ToString() ?? "Information")
                : new Dictionary<string, string>());
    }

    /// <summary>The versioning the engine is to apply; <see langword="null"/> if host.json asks for none.</summary>
    /// <exception cref="InvalidOperationException">A strategy is not one of the published names.</exception>
    public DurableTaskWorkerOptions.VersioningOptions? Versioning() => VersionMatchStrategy is null ? null : new()
    {
        Version = DefaultVersion ?? "",
        DefaultVersion = DefaultVersion ?? "",
        MatchStrategy = Strategy<DurableTaskWorkerOptions.VersionMatchStrategy>("versionMatchStrategy", VersionMatchStrategy),
        FailureStrategy = Strategy<DurableTaskWorkerOptions.VersionFailureStrategy>("versionFailureStrategy", VersionFailureStrategy ?? "Reject"),
    };

    private static T Strategy<T>(string name, string value) where T : struct, Enum => Enum.TryParse<T>(value, ignoreCase: true, out var strategy)
        ? strategy
        : throw new InvalidOperationException($"host.json: extensions.durableTask.{name} is '{value}'. It must be one of {string.Join(", ", Enum.GetNames<T>())}.");

    private static string? NotEmpty(JsonNode? node) => string.IsNullOrEmpty(node?.ToString()) ? null : node.ToString();
}
