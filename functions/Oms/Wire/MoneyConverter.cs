using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// Decimal strings (docs/oms-api.md 1): digits, at most one point, maybe a minus; the received scale is kept, at least two decimals are
/// written. A JSON number in that form is read too, exactly. What a <see cref="decimal"/> could only hold rounded is not read at all.
/// </summary>
internal sealed class MoneyConverter : JsonConverter<decimal>
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>A decimal holds 28 digits exactly.</summary>
    private const int MaxDigits = 28;

    /// <summary>The finest unit of any token; USDC has 6.</summary>
    private const int MaxScale = 18;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return TryRead(document.RootElement, out var value) ? value : throw new JsonException("A decimal string was expected.");
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

    /// <summary>Reads an amount.</summary>
    public static bool TryRead(JsonElement value, out decimal amount)
    {
        amount = 0;
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        return text is not null && IsPlain(text) && decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out amount);
    }

    /// <summary>The wire form of an amount.</summary>
    public static string Text(decimal value) => value.ToString("0.00##########################", CultureInfo.InvariantCulture);

    private static bool IsPlain(string text)
    {
        var digits = text.StartsWith('-') ? text.AsSpan(1) : text;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        return whole.Length > 0 && (point < 0 || fraction.Length > 0) && fraction.Length <= MaxScale
            && whole.Length + fraction.Length <= MaxDigits
            && !whole.ContainsAnyExceptInRange('0', '9') && !fraction.ContainsAnyExceptInRange('0', '9');
    }
}
