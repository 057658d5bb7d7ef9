using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>Ids are opaque (docs/oms-api.md 1.1), but a text that is empty, long, or not plainly printable is none.</summary>
internal static class OmsId
{
    public const int MaxLength = 255;

    public static bool IsOne(string? text)
        => text is { Length: > 0 and <= MaxLength } && text.All(character => character is > ' ' and <= '~');
}

/// <summary>An id, or nothing.</summary>
internal class IdConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String && reader.GetString() is { } id && OmsId.IsOne(id) ? id
            : throw new JsonException("An id was expected.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>An id that has to be there.</summary>
internal sealed class RequiredIdConverter : IdConverter
{
    public override bool HandleNull => true;
}
