using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace OmsWorkflows.Webhooks;

/// <summary>The signature of a delivery: HMAC-SHA256 over time, dot and raw body (docs/oms-api.md 9.3).</summary>
public static class WebhookSignature
{
    /// <summary>The header: <c>t=&lt;unix seconds&gt;,v1=&lt;hex&gt;</c>, maybe with several <c>v1</c>.</summary>
    public const string HeaderName = "Webhook-Signature";

    internal const string SecretPrefix = "whsec_";
    private const int MaxHeaderLength = 4096;
    private const int MaxSignatures = 16;

    /// <summary>The header of a delivery, as OMS makes it; for testing receivers.</summary>
    /// <exception cref="FormatException">The secret is not hexadecimal, as <see cref="SecretKeyMode.HexDecoded"/> needs.</exception>
    public static string Sign(ReadOnlySpan<byte> body, string secret, DateTimeOffset time, SecretKeyMode mode = SecretKeyMode.WholeString)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        var key = Key(secret, mode) ?? throw new FormatException("The secret must be whsec_ and hexadecimal digits.");
        var timestamp = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={timestamp},v1={Convert.ToHexStringLower(Mac(key, timestamp, body))}";
    }

    /// <summary>Checks a delivery against the secrets that are in use now.</summary>
    /// <param name="options">Secrets, key mode and tolerance.</param>
    public static SignatureVerdict Verify(StringValues header, ReadOnlySpan<byte> body, WebhookOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.CurrentSecret) && string.IsNullOrEmpty(options.NextSecret))
        {
            return SignatureVerdict.NoSecret;
        }

        if (header.Count == 0 || (header.Count == 1 && string.IsNullOrWhiteSpace(header[0])))
        {
            return SignatureVerdict.Missing;
        }

        if (header.Count > 1)
        {
            return SignatureVerdict.Repeated;
        }

        if (!TryRead(header[0]!, out var timestamp, out var seconds, out var signatures))
        {
            return SignatureVerdict.Malformed;
        }

        // The bounds of the tolerance cannot overflow; the difference of two 64-bit times could.
        var current = now.ToUnixTimeSeconds();
        if (seconds < current - options.ToleranceSeconds)
        {
            return SignatureVerdict.TooOld;
        }

        if (seconds > current + options.ToleranceSeconds)
        {
            return SignatureVerdict.TooNew;
        }

        // No early exit: how long it takes says neither which secret nor which signature came close.
        var matches = false;
        foreach (var secret in (string?[])[options.CurrentSecret, options.NextSecret])
        {
            if (string.IsNullOrEmpty(secret) || Key(secret, options.KeyMode) is not { } key)
            {
                continue;
            }

            var expected = Mac(key, timestamp, body);
            foreach (var signature in signatures)
            {
                matches |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return matches ? SignatureVerdict.Valid : SignatureVerdict.Mismatch;
    }

    /// <summary>The signing key of a secret; null when the secret does not fit the mode.</summary>
    internal static byte[]? Key(string secret, SecretKeyMode mode)
    {
        if (mode == SecretKeyMode.WholeString)
        {
            return Encoding.UTF8.GetBytes(secret);
        }

        var hex = secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret.AsSpan(SecretPrefix.Length) : secret;
        var key = new byte[hex.Length / 2];
        return hex.Length > 0 && Convert.FromHexString(hex, key, out _, out _) == OperationStatus.Done ? key : null;
    }

    /// <summary>Exactly one time, at least one well-formed <c>v1</c>; other schemes are passed over (docs/oms-api.md 9.3).</summary>
    private static bool TryRead(string header, out string timestamp, out long seconds, out List<byte[]> signatures)
    {
        timestamp = "";
        seconds = 0;
        signatures = [];
        if (header.Length > MaxHeaderLength)
        {
            return false;
        }

        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                return false;
            }

            var value = part[(equals + 1)..];
            switch (part[..equals])
            {
                // The text is what was signed, so it must be the plain form of the number: digits only.
                case "t" when timestamp.Length == 0 && value.All(char.IsAsciiDigit)
                    && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seconds):
                    timestamp = value;
                    break;
                case "t":
                    return false;
                case "v1":
                    var signature = new byte[HMACSHA256.HashSizeInBytes];
                    if (value.Length != 2 * signature.Length || signatures.Count == MaxSignatures
                        || Convert.FromHexString(value, signature, out _, out _) != OperationStatus.Done)
                    {
                        return false;
                    }

                    signatures.Add(signature);
                    break;
            }
        }

        return timestamp.Length > 0 && signatures.Count > 0;
    }

    private static byte[] Mac(byte[] key, string timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.ASCII.GetBytes(timestamp));
        mac.AppendData("."u8);
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }
}

/// <summary>What is to be said of a delivery's signature.</summary>
public enum SignatureVerdict
{
    /// <summary>Signed with a secret in use, just now.</summary>
    Valid = 0,

    /// <summary>No secret is set up to check against.</summary>
    NoSecret,

    /// <summary>There is no signature.</summary>
    Missing,

    /// <summary>There are several signature headers.</summary>
    Repeated,

    /// <summary>The header does not have the documented form.</summary>
    Malformed,

    /// <summary>Signed too long ago.</summary>
    TooOld,

    /// <summary>Signed in the future.</summary>
    TooNew,

    /// <summary>Signed with no secret in use, or changed on the way.</summary>
    Mismatch,
}
