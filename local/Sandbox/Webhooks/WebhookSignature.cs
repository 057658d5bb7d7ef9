using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OmsWorkflows.Local.Sandbox.Webhooks;

/// <summary>
/// Which bytes of the secret are the key: all of the text, or the 32 bytes its hex part stands for (docs/oms-api.md 9.3).
/// </summary>
public enum WebhookKeyMode
{
    /// <summary>The UTF-8 bytes of the whole secret, prefix included.</summary>
    WholeString,

    /// <summary>The bytes that the hex digits after the prefix stand for.</summary>
    HexDecoded,
}

/// <summary>Signs webhooks: HMAC-SHA256 over the time, a dot and the raw body.</summary>
internal static class WebhookSignature
{
    public const string HeaderName = "Webhook-Signature";
    public const string SecretPrefix = "whsec_";

    public static string Header(string secret, WebhookKeyMode mode, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={time},v1={Compute(secret, mode, time, body)}";
    }

    private static string Compute(string secret, WebhookKeyMode mode, string time, ReadOnlySpan<byte> body)
    {
        var key = mode == WebhookKeyMode.WholeString
            ? Encoding.UTF8.GetBytes(secret)
            : Convert.FromHexString(secret[SecretPrefix.Length..]);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
