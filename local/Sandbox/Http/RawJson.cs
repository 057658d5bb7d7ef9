using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Local.Sandbox.Http;

/// <summary>
/// JSON that is kept and written as it came, so that it can hold what a JSON reader would refuse to read as text, such as half a surrogate
/// pair.
/// </summary>
[JsonConverter(typeof(Writer))]
internal sealed record RawJson(string Text)
{
    public static RawJson Of<T>(T value) => new(JsonSerializer.Serialize(value, SandboxJson.Options));

    private sealed class Writer : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => new(JsonElement.ParseValue(ref reader).GetRawText());

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options)
            => writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}
