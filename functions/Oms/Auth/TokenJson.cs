using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>Body of <c>POST /auth/token</c> (docs/oms-api.md 2). Prints as its type name only.</summary>
internal sealed record TokenRequest(string ApiKey, string ApiSecret)
{
    public override string ToString() => nameof(TokenRequest);
}

/// <summary>Answer of <c>POST /auth/token</c> (docs/oms-api.md 2). Prints as its type name only.</summary>
internal sealed record TokenAnswer(string AccessToken, int ExpiresIn)
{
    public override string ToString() => nameof(TokenAnswer);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
