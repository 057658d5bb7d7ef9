using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// Free text pairs (docs/oms-api.md 1). Written in the order of their keys, so that a repeated request has the same bytes whatever
/// dictionary it came from; read leniently: values that are not text as their JSON text, anything but an object as nothing.
/// </summary>
internal sealed class MetadataConverter : JsonConverter<IReadOnlyDictionary<string, string>>
{
    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return pairs;
        }

        foreach (var member in document.RootElement.EnumerateObject())
        {
            pairs[member.Name] = member.Value.ToString();
        }

        return pairs;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, text);
        }

        writer.WriteEndObject();
    }
}
