using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// Endorsements come as objects, whose name member is <c>name</c>, <c>type</c> or <c>endorsement</c>, or as plain strings that mean ACTIVE
/// (docs/oms-api.md 4.2, 13).
/// </summary>
internal sealed class EndorsementConverter : JsonConverter<Endorsement>
{
    public override Endorsement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        return root.ValueKind switch
        {
            JsonValueKind.String => new Endorsement { Name = root.GetString()!, Status = EndorsementStatus.Active },
            JsonValueKind.Object => ReadObject(root),
            _ => throw new JsonException("An endorsement is an object or a string."),
        };
    }

    public override void Write(Utf8JsonWriter writer, Endorsement value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("name", value.Name);
        writer.WriteString("status", value.StatusText ?? WireNames<EndorsementStatus>.Of(value.Status));
        writer.WriteStartObject("requirements");
        WriteTexts(writer, "missing", value.Missing);
        WriteTexts(writer, "issues", value.Issues);
        writer.WriteEndObject();
        WriteTexts(writer, "rejectionReasons", value.RejectionReasons);
        writer.WriteEndObject();
    }

    private static Endorsement ReadObject(JsonElement root)
    {
        var status = Text(root, "status");
        var requirements = root.TryGetProperty("requirements", out var r) ? r : default;
        return new Endorsement
        {
            Name = Text(root, "name") ?? Text(root, "type") ?? Text(root, "endorsement")
                ?? throw new JsonException("An endorsement has no name."),
            Status = WireNames<EndorsementStatus>.Parse(status),
            StatusText = status,
            Missing = Texts(requirements, "missing"),
            Issues = Texts(requirements, "issues"),
            RejectionReasons = Texts(root, "rejectionReasons"),
        };
    }

    private static string? Text(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static List<string> Texts(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var values)
            && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Select(Item).OfType<string>()]
            : [];

    private static string? Item(JsonElement value)
        => value.ValueKind == JsonValueKind.String ? value.GetString() : Text(value, "developerReason") ?? Text(value, "reason");

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
