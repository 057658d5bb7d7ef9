using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Azure.Data.Tables;

namespace OmsWorkflows.Operations;

/// <summary>Writes a copy, row by row (<see cref="LedgerCopy"/> says how it looks).</summary>
/// <param name="stream">Where to; it stays open.</param>
/// <param name="without">Columns that are left out.</param>
internal sealed class LedgerCopyWriter(Stream stream, IReadOnlyCollection<string> without) : IAsyncDisposable
{
    /// <summary>What the service keeps itself.</summary>
    private static readonly string[] Own = ["odata.etag", "Timestamp"];

    private readonly StreamWriter _lines = new(new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true));
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>How many rows of a table were written.</summary>
    public int Count(string table) => _counts.GetValueOrDefault(table);

    /// <summary>Writes a row.</summary>
    public async Task WriteAsync(string table, TableEntity row)
    {
        await _lines.WriteLineAsync(new JsonObject { ["table"] = table, ["row"] = Write(row) }.ToJsonString());
        _counts[table] = _counts.GetValueOrDefault(table) + 1;
    }

    /// <summary>Writes the last line: without it the copy is half of one.</summary>
    public async Task EndAsync()
    {
        await _lines.WriteLineAsync(new JsonObject { ["rows"] = _counts.Values.Sum() }.ToJsonString());
        await _lines.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private JsonObject Write(TableEntity row)
        => new(row.Where(property => property.Value is not null && !Own.Contains(property.Key) && !without.Contains(property.Key))
            .Select(property => KeyValuePair.Create(property.Key, (JsonNode?)Write(property.Key, property.Value))));

    /// <summary>JSON tells texts, small numbers and truth apart; what it does not is an object with the type's name.</summary>
    private static JsonNode Write(string name, object value) => value switch
    {
        string text => text,
        bool flag => flag,
        int number => number,
        long number => new JsonObject { ["long"] = number.ToString(CultureInfo.InvariantCulture) },
        DateTimeOffset time => new JsonObject { ["time"] = time.ToString("O", CultureInfo.InvariantCulture) },
        _ => throw new NotSupportedException($"Column {name} has the type {value.GetType().Name}, which copies do not know."),
    };
}
