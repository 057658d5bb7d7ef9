using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using FluentValidation;
using OmsWorkflows.Http;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>
/// The records on the wire as JSON schemas: names and types as they are written, meanings from doc comments, limits from validators.
/// </summary>
internal sealed class Schemas
{
    private static readonly JsonSerializerOptions Wire = new(ApiJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private readonly NullabilityInfoContext _nullability = new();
    private readonly SortedDictionary<string, JsonNode> _components = new(StringComparer.Ordinal);

    /// <summary>All that were asked for, by name.</summary>
    public JsonObject ToNode()
        => [.. _components.Select(component => KeyValuePair.Create<string, JsonNode?>(component.Key, component.Value))];

    /// <summary>A schema that is written by hand, under a name.</summary>
    public JsonObject Named(string name, Func<JsonObject> make)
    {
        if (_components.TryAdd(name, new JsonObject()))
            _components[name] = make();
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    /// <summary>The body of a request.</summary>
    /// <param name="type">Its record.</param>
    /// <param name="validator">What it has to be.</param>
    /// <param name="name">Its name, where one record stands for two bodies.</param>
    public JsonObject OfBody(Type type, IValidator validator, string? name = null)
        => Named(name ?? type.Name, () => OfMembers(type, Limits.Of(validator), forAnswer: false));

    /// <summary>Anything in an answer.</summary>
    public JsonObject Of(Type type) => Of(type, Limits.None, forAnswer: true);

    /// <summary>The members of a record, for whoever adds to them.</summary>
    public JsonObject MembersOf(Type type) => OfMembers(type, Limits.None, forAnswer: true);

    private JsonObject Of(Type type, Limits limits, bool forAnswer)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Simple(type) is { } simple)
            return simple;
        if (type.IsEnum)
            return Named(type.Name, () => OfEnum(type));
        if (type.IsAssignableTo(typeof(IDictionary)) || Implements(type, typeof(IReadOnlyDictionary<,>)) is not null)
            return new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = Of(type.GetGenericArguments()[1], Limits.None, forAnswer),
            };
        return Implements(type, typeof(IEnumerable<>)) is { } list
            ? new JsonObject { ["type"] = "array", ["items"] = Of(list.GetGenericArguments()[0], limits, forAnswer) }
            : Named(type.Name, () => OfMembers(type, limits, forAnswer));
    }

    private JsonObject OfMembers(Type type, Limits limits, bool forAnswer)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var member in Wire.GetTypeInfo(type).Properties)
        {
            if (member.AttributeProvider is not PropertyInfo property || (member.Get is null && forAnswer))
                continue;
            var schema = Of(member.PropertyType, limits.Child(property.Name), forAnswer);
            limits.Apply(property.Name, schema);
            Describe(schema, XmlDocs.Of(property), limits.Words(property.Name));
            properties[member.Name] = schema;
            if (forAnswer ? IsAlwaysThere(property) : limits.Requires(property.Name))
                required.Add(member.Name);
        }

        var node = new JsonObject { ["type"] = "object" };
        Describe(node, XmlDocs.Of(type));
        node["properties"] = properties;
        if (required.Count > 0)
            node["required"] = required;
        if (!forAnswer)
            node["additionalProperties"] = false;
        return node;
    }

    private bool IsAlwaysThere(PropertyInfo property)
        => Nullable.GetUnderlyingType(property.PropertyType) is null
            && _nullability.Create(property).ReadState != NullabilityState.Nullable;

    private static JsonObject OfEnum(Type type)
    {
        var names = Enum.GetNames(type);
        var meanings = names.Select(name => $"* `{name}`: {XmlDocs.Of(type, name)}");
        return new JsonObject
        {
            ["type"] = "string",
            ["description"] = $"{XmlDocs.Of(type)}\n\n{string.Join('\n', meanings)}",
            ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]),
        };
    }

    private static JsonObject? Simple(Type type) => type switch
    {
        _ when type == typeof(string) => new() { ["type"] = "string" },
        _ when type == typeof(bool) => new() { ["type"] = "boolean" },
        _ when type == typeof(int) => new() { ["type"] = "integer", ["format"] = "int32" },
        _ when type == typeof(long) => new() { ["type"] = "integer", ["format"] = "int64" },
        _ when type == typeof(decimal) => new() { ["type"] = "string", ["pattern"] = @"^-?\d+(\.\d+)?$" },
        _ when type == typeof(DateOnly) => new() { ["type"] = "string", ["format"] = "date" },
        _ when type == typeof(DateTimeOffset) => new() { ["type"] = "string", ["format"] = "date-time" },
        _ => null,
    };

    private static Type? Implements(Type type, Type open)
        => type.GetInterfaces().Append(type).FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == open);

    private static void Describe(JsonObject schema, params string?[] texts)
    {
        var text = string.Join(' ', texts.Where(text => !string.IsNullOrEmpty(text)));
        if (text.Length > 0)
            schema["description"] = text;
    }
}
