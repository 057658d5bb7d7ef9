using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// Ids are opaque (docs/oms-api.md 1.1), but a text that is empty, long, or not plainly printable is none; neither are dots alone, which
/// would climb in a path.
/// </summary>
internal static class OmsId
{
    public const int MaxLength = 255;

    private const int MaxOfCallers = 100;

    public static bool IsOne(string? text)
        => text is { Length: > 0 and <= MaxLength } && text.All(character => character is > ' ' and <= '~')
            && text.Any(character => character != '.');

    /// <summary>
    /// Whether a caller's text is an id whose kind begins like this, such as <c>cst_</c>, with something of its own after it.
    /// </summary>
    public static bool IsOf(string? text, string kind)
        => text is { Length: <= MaxOfCallers } && text.StartsWith(kind, StringComparison.Ordinal)
            && text.LastIndexOf('_') is > 0 and var cut && cut < text.Length - 1
            && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');
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
