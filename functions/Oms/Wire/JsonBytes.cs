using System.Text;
using System.Text.Unicode;

namespace OmsWorkflows.Oms;

/// <summary>
/// JSON as it comes from outside, made readable: without a byte order mark, and with U+FFFD where a text is no Unicode, be it bytes that
/// are not UTF-8 or an escaped half of a surrogate pair. The reader would throw on either, and one odd letter in a text must not hide a
/// refusal.
/// </summary>
internal static class JsonBytes
{
    /// <summary>Deeper than any body that is taken can be: unknown members may have any form.</summary>
    public const int MaxDepth = 4 * 1024 * 1024;

    private const int EscapeLength = 6;

    /// <summary>The same JSON, readable.</summary>
    public static ReadOnlyMemory<byte> Mend(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        if (!Utf8.IsValid(json.Span))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        }

        return json.Span.IndexOf("\\u"u8) < 0 ? json : MendEscapes(json.ToArray());
    }

    private static byte[] MendEscapes(byte[] json)
    {
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] != '\\')
            {
                continue;
            }

            var unit = Escaped(json, at);
            if (unit < 0)
            {
                // Another escape: its second character may be a backslash, which starts none.
                at++;
            }
            else if (char.IsHighSurrogate((char)unit) && Escaped(json, at + EscapeLength) is var low and >= 0
                && char.IsLowSurrogate((char)low))
            {
                at += (2 * EscapeLength) - 1;
            }
            else
            {
                if (char.IsSurrogate((char)unit))
                {
                    "\\ufffd"u8.CopyTo(json.AsSpan(at));
                }

                at += EscapeLength - 1;
            }
        }

        return json;
    }

    /// <summary>The code unit that is escaped here; -1 when none is.</summary>
    private static int Escaped(ReadOnlySpan<byte> json, int at)
    {
        if (at + EscapeLength > json.Length || json[at] != '\\' || json[at + 1] != 'u')
        {
            return -1;
        }

        var unit = 0;
        foreach (var digit in json.Slice(at + 2, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return -1;
            }

            unit = (unit << 4) | Convert.ToInt32(((char)digit).ToString(), 16);
        }

        return unit;
    }
}
