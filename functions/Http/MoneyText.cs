using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Http;

/// <summary>
/// Money is a decimal string in JSON, as at OMS (docs/oms-api.md 1); a JSON number is read too. Between worker and host it has to be: the
/// Functions host reads the numbers of an activity's result as doubles, which lose their scale and, past fifteen digits, their value.
/// </summary>
public sealed class MoneyText : JsonConverter<decimal>
{
    private const NumberStyles Form = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            return reader.GetDecimal();
        return decimal.TryParse(reader.GetString(), Form, CultureInfo.InvariantCulture, out var value) ? value : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
