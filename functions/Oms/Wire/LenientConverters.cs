using System.Text.Json;
using System.Text.Json.Serialization;

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
