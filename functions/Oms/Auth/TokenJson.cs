using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>Body of <c>POST /auth/token</c> (docs/oms-api.md 2). Prints as its type name only.</summary>
internal sealed record TokenRequest(string ApiKey, string ApiSecret)
{
    public override string ToString() => nameof(TokenRequest);
}

/// <summary>
/// Answer of <c>POST /auth/token</c> (docs/oms-api.md 2). Strict about the token, lenient about its life: a token that ends sooner than
/// thought is answered 401 and exchanged anew. Prints as its type name only.
/// </summary>
internal sealed record TokenAnswer
{
    private const int MaxLength = 16 * 1024;

    /// <summary>Assumed of a token that does not say, or says nonsense.</summary>
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(5);

    /// <summary>Longer than OMS's hour; a revoked key would go on for longer than anybody expects.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    /// <summary>The token.</summary>
    [JsonConverter(typeof(TokenTextConverter))]
    public string? AccessToken { get; init; }

    /// <summary><c>bearer</c>, in any case, or nothing.</summary>
    public JsonElement TokenType { get; init; }

    /// <summary>Seconds it lives; a number, or its text.</summary>
    [JsonConverter(typeof(LenientNumber))]
    public decimal? ExpiresIn { get; init; }

    /// <summary>When it ends; used when <see cref="ExpiresIn"/> is of no use, since it needs the two clocks to agree.</summary>
    [JsonConverter(typeof(LenientTime))]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why it is no token.</summary>
    public string? Doubt()
    {
        var bearer = TokenType.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            || (TokenType.ValueKind == JsonValueKind.String
                && "bearer".Equals(TokenType.GetString()!.Trim(), StringComparison.OrdinalIgnoreCase));
        return AccessToken is null ? "no token" : bearer ? null : "no bearer token";
    }

    /// <summary>How long it can be used.</summary>
    public TimeSpan Lifetime(DateTimeOffset asked)
    {
        var seconds = ExpiresIn is > 0 ? ExpiresIn.Value : (decimal)((ExpiresAt - asked)?.TotalSeconds ?? 0);
        return seconds switch
        {
            <= 0 => DefaultLife,
            > 24 * 60 * 60 => LongestLife,
            _ => TimeSpan.FromSeconds((double)seconds),
        };
    }

    public override string ToString() => nameof(TokenAnswer);

    /// <summary>A token goes into a header, so it is printable and has no spaces.</summary>
    internal sealed class TokenTextConverter : LenientConverter<string>
    {
        protected override string? Take(JsonElement value)
            => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxLength } token
                && token.All(each => each is > ' ' and <= '~')
                ? token
                : null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = JsonBytes.MaxDepth)]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
