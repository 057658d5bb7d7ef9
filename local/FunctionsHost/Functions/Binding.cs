using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.FunctionsHost.Functions;

/// <summary>One binding of a function, with what its attribute said.</summary>
internal sealed class Binding(JsonObject raw)
{
    /// <summary>The parameter.</summary>
    public string Name => Text("name") ?? "";

    /// <summary>Such as <c>httpTrigger</c>.</summary>
    public string Type => Text("type") ?? "";

    public bool IsTrigger => Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the binding is of this type; case does not matter.</summary>
    public bool Is(string type) => string.Equals(Type, type, StringComparison.OrdinalIgnoreCase);

    /// <summary>A property as text; <see langword="null"/> if it is not there.</summary>
    public string? Text(string property) => Value(property)?.ToString();

    /// <summary>A property as yes or no.</summary>
    public bool? Flag(string property) => Value(property) is { } value && bool.TryParse(value.ToString(), out var flag) ? flag : null;

    /// <summary>A property that is a list of texts; empty if it is not there.</summary>
    public IReadOnlyList<string> Texts(string property)
        => Value(property) is JsonArray array ? [.. array.Select(item => item?.ToString() ?? "")] : [];

    // Some SDKs write "authLevel", others "AuthLevel".
    private JsonNode? Value(string property)
        => raw.FirstOrDefault(pair => string.Equals(pair.Key, property, StringComparison.OrdinalIgnoreCase)).Value;
}
