using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// Decimal strings (docs/oms-api.md 1): the received scale is kept, at least two decimals are written. A JSON number is read exactly, too.
/// </summary>
internal sealed class MoneyConverter : JsonConverter<decimal>
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.GetDecimal();
        return decimal.TryParse(reader.GetString(), Style, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException("A decimal string was expected.");
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

    /// <summary>The wire form of an amount.</summary>
    public static string Text(decimal value) => value.ToString("0.00##########################", CultureInfo.InvariantCulture);
}
