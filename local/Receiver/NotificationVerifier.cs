using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OmsWorkflows.Local.Receiver;

/// <summary>
/// Verifies notifications as Standard Webhooks says: all a .NET receiver needs. Take the raw bytes of the body, before anything reads them
/// as JSON.
/// </summary>
internal sealed class NotificationVerifier(IEnumerable<string> secrets, TimeProvider clock)
{
    private const string Prefix = "whsec_";
    private const string Version = "v1,";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly byte[][] _keys = [.. secrets.Select(Key)];

    /// <summary>Whether one of the secrets signed these bytes under this id, within the last minutes.</summary>
    /// <param name="id">Header <c>webhook-id</c>.</param>
    /// <param name="timestamp">Header <c>webhook-timestamp</c>.</param>
    /// <param name="signatures">Header <c>webhook-signature</c>: several, parted by spaces, while secrets are rotated.</param>
    /// <param name="body">The body as it came.</param>
    public bool IsGenuine(string id, string timestamp, string signatures, ReadOnlySpan<byte> body)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance)
        {
            return false;
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var genuine = false;
        foreach (var key in _keys)
        {
            var expected = Encoding.ASCII.GetBytes(Version + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
            foreach (var signature in signatures.Split(' '))
                genuine |= CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(signature));
        }

        return genuine;
    }

    private static byte[] Key(string secret) => Convert.FromBase64String(
        secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);
}
