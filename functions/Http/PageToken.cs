using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace OmsWorkflows.Http;

/// <summary>
/// Where a page of a list ended, in a form that fits a query string. It carries a check sum over the list it belongs to, so that a token
/// that was cut, made up, or taken from another list is told from one of this list. It is no secret.
/// </summary>
internal static class PageToken
{
    private const int CheckBytes = 8;

    /// <summary>The token for the next page.</summary>
    /// <param name="list">The list, with all that narrows it down.</param>
    /// <param name="position">Where the page ended; null for the last page.</param>
    public static string? Encode(string list, string? position)
        => position is null ? null : Base64Url.EncodeToString([.. Check(list, position), .. Encoding.UTF8.GetBytes(position)]);

    /// <summary>Reads a token; false when it is none of this list.</summary>
    public static bool TryDecode(string list, string token, [NotNullWhen(true)] out string? position)
    {
        position = null;
        if (!Base64Url.IsValid(token))
            return false;
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= CheckBytes)
            return false;
        var read = Encoding.UTF8.GetString(bytes.AsSpan(CheckBytes));
        if (!bytes.AsSpan(0, CheckBytes).SequenceEqual(Check(list, read)))
            return false;
        position = read;
        return true;
    }

    private static ReadOnlySpan<byte> Check(string list, string position)
        => SHA256.HashData(Encoding.UTF8.GetBytes($"{list}\n{position}")).AsSpan(0, CheckBytes);
}
