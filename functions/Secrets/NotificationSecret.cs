using System.Diagnostics.CodeAnalysis;

namespace OmsWorkflows.Secrets;

/// <summary>
/// A secret that notifications are signed with, in the form of Standard Webhooks: <c>whsec_</c> and the key in base64, 24 to 64 bytes of
/// it.
/// </summary>
internal static class NotificationSecret
{
    public const string Rule = "must be whsec_ followed by 24 to 64 random bytes in base64.";

    private const string Prefix = "whsec_";
    private const int FewestBytes = 24;
    private const int MostBytes = 64;

    /// <summary>The key; false when the text has another form.</summary>
    public static bool TryRead(string? secret, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (secret is null || !secret.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var bytes = new byte[MostBytes + 2];
        if (!Convert.TryFromBase64Chars(secret.AsSpan(Prefix.Length), bytes, out var length) || length is < FewestBytes or > MostBytes)
            return false;
        key = bytes[..length];
        return true;
    }
}
