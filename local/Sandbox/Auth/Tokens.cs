using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Auth;

/// <summary>
/// Access tokens that look like JWTs and carry their own end, so that a revoked key only stops new exchanges (docs/oms-api.md 2).
/// </summary>
internal sealed class Tokens(SandboxClock clock, SandboxOptions options)
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private int _generation;
    private volatile bool _revoked;

    public AccessToken Exchange(string apiKey, string apiSecret)
    {
        // Both are compared, whatever the first comparison says.
        if (!(Same(apiKey, options.ApiKey) & Same(apiSecret, options.ApiSecret)) || _revoked)
            throw ApiException.Unauthorized();
        var expiresAt = clock.Now + options.TokenLifetime;
        var claims = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"sub\":\"{options.ApiKey}\",\"exp\":{expiresAt.ToUnixTimeSeconds()},\"gen\":{_generation}}}");
        var signed = $"{Encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8)}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return new AccessToken($"{signed}.{Sign(signed)}", "bearer", (int)options.TokenLifetime.TotalSeconds, expiresAt);
    }

    /// <summary>The owner of a good token.</summary>
    /// <exception cref="ApiException">401: no token, not one of ours, or past its time.</exception>
    public string Owner(string? authorization)
    {
        if (authorization?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) != true)
            throw ApiException.Unauthorized("A bearer token is required.");
        if (authorization["Bearer ".Length..].Trim().Split('.') is not [var header, var claims, var signature]
            || !Same(signature, Sign($"{header}.{claims}")))
            throw ApiException.Unauthorized("The access token is not valid.");
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
        var expired = document.RootElement.GetProperty("exp").GetInt64() <= clock.Now.ToUnixTimeSeconds();
        if (expired || document.RootElement.GetProperty("gen").GetInt32() != _generation)
            throw ApiException.TokenExpired();
        return document.RootElement.GetProperty("sub").GetString()!;
    }

    /// <summary>Ends all tokens that were given out.</summary>
    public void ExpireAll() => Interlocked.Increment(ref _generation);

    public bool Revoked => _revoked;

    /// <summary>Revokes the key, or makes it good again.</summary>
    public void SetRevoked(bool value) => _revoked = value;

    private string Sign(string text) => Encode(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(text)));

    private static bool Same(string left, string right)
        => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}

/// <summary>The answer to a token exchange.</summary>
internal sealed record AccessToken(string Token, string TokenType, int ExpiresIn, DateTimeOffset ExpiresAt);
