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

    /// <summary>What has more than a <see cref="decimal"/> can have would be rounded.</summary>
    private const int MaxDigits = 29;

    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var (text, form) = document.RootElement switch
        {
            { ValueKind: JsonValueKind.String } said => (said.GetString()!, Form),
            { ValueKind: JsonValueKind.Number } said => (said.GetRawText(), Form | NumberStyles.AllowExponent),
            _ => throw new JsonException(),
        };
        return text.Count(char.IsAsciiDigit) <= MaxDigits && decimal.TryParse(text, form, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
