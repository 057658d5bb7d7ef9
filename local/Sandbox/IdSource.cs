using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OmsWorkflows.Local.Sandbox;

/// <summary>
/// Ids in the shape of docs/oms-api.md 1.1: prefix, underscore, 26 characters of a UUIDv7. They follow from the seed and the order of
/// asking, not from the clock, so that a run can be repeated.
/// </summary>
internal sealed class IdSource(int seed)
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private static readonly long Epoch = new DateTimeOffset(2026, 6, 10, 14, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private long _count;
    private int _seed = seed;

    public int Seed => _seed;

    public string Next(string prefix) => $"{prefix}_{Encode(Interlocked.Increment(ref _count))}";

    /// <summary>Bytes for things that are not ids but have to be as repeatable: addresses, hashes, codes.</summary>
    public byte[] Bytes(string purpose, int length)
    {
        var number = Interlocked.Increment(ref _count);
        return Derive(purpose, number)[..length];
    }

    public void Restart(int newSeed)
    {
        _seed = newSeed;
        Interlocked.Exchange(ref _count, 0);
    }

    /// <summary>The text form of a 128-bit id: 26 characters of Crockford's base 32, lower case.</summary>
    public static string Text(UInt128 value)
    {
        Span<char> text = stackalloc char[26];
        for (var i = 25; i >= 0; i--, value >>= 5)
            text[i] = Alphabet[(int)(value & 31)];
        return new string(text);
    }

    private string Encode(long number)
    {
        var bytes = Derive("id", number).AsSpan(0, 16);
        var random = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        var milliseconds = (UInt128)(ulong)(Epoch + number) << 80;
        var version = (UInt128)7 << 76;
        var variant = (UInt128)2 << 62;
        var mask = (((UInt128)0xFFF) << 64) | 0x3FFF_FFFF_FFFF_FFFF;
        return Text(milliseconds | version | variant | (random & mask));
    }

    private byte[] Derive(string purpose, long number)
        => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_seed}/{purpose}/{number}")));
}
