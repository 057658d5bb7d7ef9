using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;

namespace OmsWorkflows.Benchmarks.Webhooks;

/// <summary>An answer of <see cref="InstantTables"/>.</summary>
internal sealed class TableAnswer(int status, byte[]? body) : Response
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Content-Type"] = "application/json;odata=minimalmetadata",
        ["ETag"] = "W/\"1\"",
    };

    public override int Status => status;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; } = body is null ? null : new MemoryStream(body);

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => Known.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => Known.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => Known.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = Known.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }
}
