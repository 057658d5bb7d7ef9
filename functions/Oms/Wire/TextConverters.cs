using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>A text that matters; an empty one is nothing, as some write what is not there.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    private const int MaxLength = 4096;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: <= MaxLength } text
            ? text is "" ? null : text
            : throw new JsonException("A text was expected.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>A word of OMS's vocabulary that matters, such as an asset; or nothing.</summary>
internal class WordConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String && reader.GetString() is { } word && Word.IsOne(word) ? word
            : throw new JsonException("A word was expected.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>A state: it has to be there and to be a text. One that is no word is unknown, and is not repeated anywhere.</summary>
internal sealed class StateConverter : JsonConverter<string>
{
    private const string Unknown = "unknown";

    public override bool HandleNull => true;

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || reader.GetString() is not { Length: > 0 } state)
        {
            throw new JsonException("A state was expected.");
        }

        return Word.IsOne(state) ? state : Unknown;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
