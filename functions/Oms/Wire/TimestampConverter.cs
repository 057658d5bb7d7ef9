using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Oms;

/// <summary>
/// ISO 8601 time stamps with any offset and 0 to 9 fractional digits; without an offset UTC is meant (docs/oms-api.md 1). Only times this
/// century can be meant: others would break every clock that counts from them.
/// </summary>
internal sealed partial class TimestampConverter : JsonConverter<DateTimeOffset>
{
    private const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String && TryRead(reader.GetString(), out var value)
            ? value
            : throw new JsonException("An ISO 8601 time stamp was expected.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        => writer.WriteStringValue(Text(value));

    /// <summary>The wire form of a time: UTC, milliseconds.</summary>
    public static string Text(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>Reads a time, as UTC.</summary>
    public static bool TryRead(string? text, out DateTimeOffset time)
    {
        time = default;
        if (text is null || Form().Match(text) is not { Success: true } match)
        {
            return false;
        }

        // .NET counts in ticks of seven digits; finer ones are cut off, not rounded up into the next second.
        var fraction = match.Groups["fraction"].Value;
        var whole = $"{match.Groups["date"].Value}T{match.Groups["time"].Value}{match.Groups["offset"].Value.ToUpperInvariant()}";
        if (!DateTimeOffset.TryParse(whole, CultureInfo.InvariantCulture, Style, out time) || time.Year is < 2000 or >= 2100)
        {
            return false;
        }

        time = fraction.Length == 0 ? time : time.AddTicks(long.Parse(fraction.PadRight(7, '0')[..7], CultureInfo.InvariantCulture));
        return true;
    }

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?"
        + @"(?<offset>[Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
