using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Http;

/// <summary>The header by which a repeated request is recognised.</summary>
internal static class IdempotencyKey
{
    public const string HeaderName = "Idempotency-Key";

    private const int MaxLength = 255;

    /// <summary>Reads the caller's key.</summary>
    public static Checked<string> Read(HttpRequest request)
    {
        var values = request.Headers[HeaderName];
        return values is [{ } key] && IsValid(key) ? new(key) : new(Problems.Of(
            StatusCodes.Status400BadRequest,
            "idempotency-key-required",
            "An Idempotency-Key is needed",
            $"Send one header '{HeaderName}' with 1 to {MaxLength} printable ASCII characters, new for each thing you want to happen once. "
                + "Send the same key again to repeat a request safely."));
    }

    /// <summary>Whether a key can be used: 1 to 255 printable ASCII characters, as at OMS (docs/oms-api.md 3.1).</summary>
    public static bool IsValid(string? key)
        => key is { Length: >= 1 and <= MaxLength } && key.All(character => character is >= ' ' and <= '~');
}
