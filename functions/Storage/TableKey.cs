using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OmsWorkflows.Storage;

/// <summary>Turns ids from outside into keys Azure Tables accepts. Different ids give different keys.</summary>
internal static class TableKey
{
    private const int MaxLength = 200;

    /// <summary>
    /// The id itself when it holds only letters, digits and <c>_-.:</c>; else the others are written as <c>~</c> and four hex digits. A
    /// long id becomes its hash, since a key is limited to 1 KiB.
    /// </summary>
    public static string Of(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var key = new StringBuilder(id.Length);
        foreach (var c in id)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':')
                key.Append(c);
            else
                key.Append('~').Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
        }

        return key.Length <= MaxLength
            ? key.ToString()
            : "~~" + Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(id.AsSpan())));
    }
}
