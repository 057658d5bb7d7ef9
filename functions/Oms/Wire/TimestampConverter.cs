using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// ISO 8601 time stamps with any offset and 0 to 9 fractional digits; without an offset UTC is meant (docs/oms-api.md 1).
/// </summary>
internal sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    private const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String
            && DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, Style, out var value)
            ? value
            : throw new JsonException("An ISO 8601 time stamp was expected.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        => writer.WriteStringValue(Text(value));

    /// <summary>The wire form of a time: UTC, milliseconds.</summary>
    public static string Text(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
