using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>Ids derived from the instance, its clock and a counter (name-based UUID, version 5), equal to those of the published engine.</summary>
internal static class DeterministicGuid
{
    private static readonly byte[] Namespace = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    public static Guid Create(string instanceId, DateTime now, int counter)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}_{now:o}_{counter}");
        var text = new byte[Namespace.Length + Encoding.UTF8.GetByteCount(name)];
        Namespace.CopyTo(text, 0);
        Encoding.UTF8.GetBytes(name, text.AsSpan(Namespace.Length));

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 4122 prescribes SHA-1 for version 5; nothing secret depends on it.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
