using System.Buffers;
using System.Text;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// A blob that is written or read, by the same calls: each takes the value to write and gives the value that is in the blob. Numbers are
/// variable-length, text is UTF-8 with its length in front; <see langword="null"/> has length -1.
/// </summary>
internal ref struct Blob
{
    private const byte Format = 1;

    private readonly ArrayBufferWriter<byte>? _writer;
    private ReadOnlySpan<byte> _rest;

    private Blob(ArrayBufferWriter<byte>? writer, ReadOnlySpan<byte> data)
    {
        _writer = writer;
        _rest = data;
        if (Byte(Format) is var format and not Format)
            throw new InvalidDataException($"A blob has format {format}, which this provider does not read.");
    }

    public readonly bool IsWritten => _writer is not null;

    public static Blob ToWrite() => new(new ArrayBufferWriter<byte>(256), default);

    public static Blob ToRead(ReadOnlySpan<byte> data) => new(null, data);

    public readonly byte[] ToArray() => _writer!.WrittenSpan.ToArray();

    public byte Byte(byte value)
    {
        if (_writer is not null)
        {
            _writer.GetSpan(1)[0] = value;
            _writer.Advance(1);
            return value;
        }

        return Take(1)[0];
    }

    public bool Flag(bool value) => Byte(value ? (byte)1 : (byte)0) == 1;

    public int Int(int? value) => (int)Number(value ?? 0);

    public long Number(long value)
    {
        if (_writer is null)
            return ReadNumber();

        // Zigzag, then seven bits a byte.
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var span = _writer.GetSpan(10);
        var length = 0;
        while (rest >= 0x80)
        {
            span[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        span[length++] = (byte)rest;
        _writer.Advance(length);
        return value;
    }

    public DateTime Time(DateTime? value) => new(Number(value?.Ticks ?? 0), DateTimeKind.Utc);

    public DateTime? TimeOrNull(DateTime? value)
        => Number(value?.Ticks ?? -1) is >= 0 and var ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;

    public string? Text(string? value)
    {
        if (_writer is null)
        {
            var read = (int)ReadNumber();
            return read < 0 ? null : Encoding.UTF8.GetString(Take(read));
        }

        var length = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        Number(length);
        if (length > 0)
            _writer.Advance(Encoding.UTF8.GetBytes(value, _writer.GetSpan(length)));

        return value;
    }

    public IDictionary<string, string>? Tags(IDictionary<string, string>? value)
    {
        var count = (int)Number(value?.Count ?? -1);
        if (_writer is null)
        {
            value = count < 0 ? null : new Dictionary<string, string>(count, StringComparer.Ordinal);
            for (var i = 0; i < count; i++)
                value!.Add(Text(null)!, Text(null)!);

            return value;
        }

        foreach (var (key, text) in value ?? new Dictionary<string, string>())
        {
            Text(key);
            Text(text);
        }

        return value;
    }

    private long ReadNumber()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return (long)(value >> 1) ^ -(long)(value & 1);
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
            throw new InvalidDataException("A blob ends in the middle of a value.");

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
