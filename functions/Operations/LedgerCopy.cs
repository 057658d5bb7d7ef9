using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Azure.Data.Tables;

namespace OmsWorkflows.Operations;

/// <summary>
/// How a copy is written: gzip over lines of JSON, a row each, with the table it belongs to, and a last line that says how many rows
/// there were.
/// Without that line a copy is half of one.
/// </summary>
internal static class LedgerCopy
{
    /// <summary>Reads the rows; what follows the last of them decides whether they were all.</summary>
    /// <exception cref="LedgerCopyException">The copy is not whole, or not one.</exception>
    public static async IAsyncEnumerable<(string Table, TableEntity Row)> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var zip = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        using var lines = new StreamReader(zip);
        var read = 0;
        while (await LineAsync(lines, cancellationToken) is { } line)
        {
            if (line["rows"] is { } rows)
            {
                if (rows.GetValue<int>() != read || await lines.ReadLineAsync(cancellationToken) is not null)
                    throw new LedgerCopyException($"The copy says it has {rows} rows, and has other ones.");
                yield break;
            }

            read++;
            yield return (line["table"]!.GetValue<string>(), Read(line["row"]!.AsObject()));
        }

        throw new LedgerCopyException("The copy has no end: it was cut off.");
    }

    private static async Task<JsonObject?> LineAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(cancellationToken) is { } line ? JsonNode.Parse(line)!.AsObject() : null;
        }
        catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException or InvalidOperationException)
        {
            throw new LedgerCopyException("The copy cannot be read: it is damaged.", e);
        }
    }

    private static TableEntity Read(JsonObject row) => new(row.ToDictionary(property => property.Key, property => Read(property.Value!)));

    private static object Read(JsonNode value) => value switch
    {
        JsonObject typed when typed["long"] is { } number => long.Parse(number.GetValue<string>(), CultureInfo.InvariantCulture),
        JsonObject typed when typed["time"] is { } time => DateTimeOffset.Parse(time.GetValue<string>(), CultureInfo.InvariantCulture),
        JsonValue plain when plain.TryGetValue<string>(out var text) => text,
        JsonValue plain when plain.TryGetValue<bool>(out var flag) => flag,
        JsonValue plain when plain.TryGetValue<int>(out var number) => number,
        _ => throw new LedgerCopyException("The copy has a value of a kind that this version does not know."),
    };
}

/// <summary>A copy of the ledger cannot be made or used; the message says why, without a row's contents.</summary>
public sealed class LedgerCopyException : Exception
{
    internal LedgerCopyException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
