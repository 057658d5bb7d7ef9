using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OmsWorkflows.Notifications;

/// <summary>Signs as Standard Webhooks says, version 1: HMAC-SHA256 over id, time and body, in base64.</summary>
internal static class NotificationSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>One signature for each key, so that a receiver with either secret is content while they are rotated.</summary>
    public static string Sign(string id, DateTimeOffset at, ReadOnlySpan<byte> body, IEnumerable<byte[]> keys)
    {
        var head = Encoding.UTF8.GetBytes($"{id}.{Timestamp(at)}.");
        var signatures = new List<string>();
        foreach (var key in keys)
        {
            using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            mac.AppendData(head);
            mac.AppendData(body);
            signatures.Add($"v1,{Convert.ToBase64String(mac.GetHashAndReset())}");
        }

        return string.Join(' ', signatures);
    }

    /// <summary>Seconds since 1970.</summary>
    public static string Timestamp(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
