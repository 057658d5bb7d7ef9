using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OmsWorkflows.Oms;

/// <summary>For members nothing is decided by: of any other form than expected they are not there.</summary>
internal abstract class LenientConverter<T> : JsonConverter<T>
{
    public sealed override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return Take(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        => throw new NotSupportedException("Members that are read leniently are never sent.");

    protected abstract T? Take(JsonElement value);

    protected static JsonElement Member(JsonElement value, string name)
        => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;
}

/// <summary>A text to show.</summary>
internal sealed class LenientText : LenientConverter<string>
{
    private const int MaxLength = 512;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    protected override string? Take(JsonElement value)
        => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxLength } text ? text : null;
}

/// <summary>A word to show.</summary>
internal sealed class LenientWord : LenientConverter<string>
{
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    protected override string? Take(JsonElement value)
        => value.ValueKind == JsonValueKind.String && value.GetString() is { } word && Word.IsOne(word) ? word : null;
}

/// <summary>An id to show, such as a hash on a chain.</summary>
internal sealed class LenientId : LenientConverter<string>
{
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    protected override string? Take(JsonElement value)
        => value.ValueKind == JsonValueKind.String && value.GetString() is { } id && OmsId.IsOne(id) ? id : null;
}

/// <summary>Texts to show.</summary>
internal sealed class LenientTexts : LenientConverter<IReadOnlyList<string>>
{
    protected override IReadOnlyList<string> Take(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];
}

/// <summary>A number to sort by or to show.</summary>
internal sealed class LenientNumber : LenientConverter<decimal?>
{
    protected override decimal? Take(JsonElement value) => MoneyConverter.TryRead(value, out var number) ? number : null;
}

/// <summary>A time to show.</summary>
internal sealed class LenientTime : LenientConverter<DateTimeOffset?>
{
    protected override DateTimeOffset? Take(JsonElement value)
        => value.ValueKind == JsonValueKind.String && TimestampConverter.TryRead(value.GetString(), out var time) ? time : null;
}

/// <summary>A point on the map.</summary>
internal sealed class LenientCoordinates : LenientConverter<Coordinates>
{
    protected override Coordinates? Take(JsonElement value)
        => MoneyConverter.TryRead(Member(value, "latitude"), out var latitude) && latitude is >= -90 and <= 90
            && MoneyConverter.TryRead(Member(value, "longitude"), out var longitude) && longitude is >= -180 and <= 180
            ? new Coordinates(latitude, longitude)
            : null;
}

/// <summary>Limits of a deposit; one that is not positive, or the wrong way round, limits nothing.</summary>
internal sealed class LenientLimits : LenientConverter<DepositLimits>
{
    protected override DepositLimits? Take(JsonElement value)
    {
        var limits = new DepositLimits(Amount(value, "minimum"), Amount(value, "maximum"));
        return limits is { Minimum: null, Maximum: null } || limits.Minimum > limits.Maximum ? null : limits;
    }

    private static decimal? Amount(JsonElement value, string name)
        => MoneyConverter.TryRead(Member(value, name), out var amount) && amount > 0m ? amount : null;
}

/// <summary>Anything, to be passed on as it is; what is long or deep is nothing, since callers hand it back in their requests.</summary>
internal sealed class LenientJson : LenientConverter<JsonNode>
{
    private const int MaxLength = 4096;
    private const int MaxDepth = 8;

    protected override JsonNode? Take(JsonElement value)
        => value.GetRawText() is { Length: <= MaxLength } text && Depth(text) <= MaxDepth ? JsonNode.Parse(text) : null;

    private static int Depth(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = JsonBytes.MaxDepth });
        var deepest = 0;
        while (reader.Read())
        {
            // The depth of an opening bracket is that of what surrounds it.
            var opens = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
            deepest = Math.Max(deepest, reader.CurrentDepth + (opens ? 1 : 0));
        }

        return deepest;
    }
}

/// <summary>An object nothing is decided by.</summary>
internal sealed class LenientObject<T> : JsonConverter<T>
    where T : class
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.Deserialize((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)))
            : null;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        => throw new NotSupportedException("Members that are read leniently are never sent.");
}

/// <summary>Exchange rates to show.</summary>
internal sealed class LenientRates : LenientConverter<Rates>
{
    protected override Rates? Take(JsonElement value)
        => MoneyConverter.TryRead(Member(value, "effectiveRate"), out var rate) ? new Rates { EffectiveRate = rate } : null;
}

/// <summary>Why a transaction failed. OMS's message is not read: it may quote what was sent.</summary>
internal sealed class LenientError : LenientConverter<TransactionError>
{
    protected override TransactionError? Take(JsonElement value)
    {
        var code = Member(value, "code");
        var recoverable = Member(value, "recoverable").ValueKind;
        return value.ValueKind != JsonValueKind.Object
            ? null
            : new TransactionError
            {
                Code = code.ValueKind == JsonValueKind.String && Word.IsOne(code.GetString()) ? code.GetString() : null,
                Recoverable = recoverable is JsonValueKind.True or JsonValueKind.False ? recoverable == JsonValueKind.True : null,
            };
    }
}

/// <summary>Cash to collect, to show.</summary>
internal sealed class LenientPickup : LenientConverter<CashPickup>
{
    private const int MaxLength = 512;

    protected override CashPickup? Take(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        var location = Member(value, "location");
        string?[] address = [Text(location, "address"), Text(location, "city"), Text(location, "state"), Text(location, "zipCode")];
        var expiresAt = TimestampConverter.TryRead(Text(value, "expiresAt"), out var time) ? time : (DateTimeOffset?)null;
        var shown = string.Join(", ", address.OfType<string>());
        return new(Text(value, "cashCode"), expiresAt, Text(location, "name"), shown.Length == 0 ? null : shown);
    }

    private static string? Text(JsonElement value, string name)
        => Member(value, name) is { ValueKind: JsonValueKind.String } member && member.GetString() is { Length: > 0 and <= MaxLength } text
            ? text
            : null;
}
