using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Tables;

/// <summary>
/// The REST protocol of Azure Tables in memory, as far as the app uses it, for tests that make a million calls. <see
/// cref="InMemoryTablesTests"/> holds it to what Azurite answers.
/// </summary>
internal sealed partial class InMemoryTables : HttpMessageHandler
{
    private const string TypeSuffix = "@odata.type";

    private readonly ConcurrentDictionary<string, SortedDictionary<string, SortedDictionary<string, JsonObject>>> _tables = new(
        StringComparer.Ordinal);
    private long _versions;

    /// <summary>Asked before each call: whether it fails before, or after its effect.</summary>
    public Func<TableCall, TableFailure> Failing { get; set; } = _ => TableFailure.None;

    /// <summary>The app's tables in here, maybe reached through a handler of the test's own.</summary>
    public AppTables Open(DelegatingHandler? through = null)
    {
        if (through is not null)
            through.InnerHandler = this;
        var transport = new HttpClientTransport(new HttpClient(through ?? (HttpMessageHandler)this, disposeHandler: false));
        var options = new TableClientOptions { Retry = { MaxRetries = 0 }, Transport = transport };
        return new AppTables(
            new TableServiceClient(
                new Uri("https://memory.table.core.windows.net"), new TableSharedKeyCredential("memory", "AAAA"), options),
            "T");
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith("/$batch", StringComparison.Ordinal))
            return Batch(await request.Content!.ReadAsStringAsync(cancellationToken));
        if (request.RequestUri.AbsolutePath == "/Tables")
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
        var match = Address().Match(Uri.UnescapeDataString(request.RequestUri!.AbsolutePath));
        var partition = match.Groups["partition"].Success ? match.Groups["partition"].Value : body?["PartitionKey"]?.GetValue<string>();
        var row = match.Groups["row"].Success ? match.Groups["row"].Value : body?["RowKey"]?.GetValue<string>();
        var failure = Failing(new TableCall(request.Method.Method, match.Groups["table"].Value, partition ?? "", row ?? ""));
        if (failure == TableFailure.Before)
            return Error(HttpStatusCode.ServiceUnavailable, "ServerBusy");

        var table = _tables.GetOrAdd(match.Groups["table"].Value, _ => new(StringComparer.Ordinal));
        HttpResponseMessage answer;
        lock (table)
        {
            answer = row is null
                ? Query(table, System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query))
                : One(table, partition!, row, request, body);
        }

        return failure == TableFailure.After ? Error(HttpStatusCode.InternalServerError, "InternalError") : answer;
    }

    private HttpResponseMessage One(
        SortedDictionary<string, SortedDictionary<string, JsonObject>> table,
        string partition,
        string row,
        HttpRequestMessage request,
        JsonObject? body)
    {
        if (!table.TryGetValue(partition, out var rows))
            table[partition] = rows = new(StringComparer.Ordinal);
        var found = rows.GetValueOrDefault(row);
        var condition = request.Headers.TryGetValues("If-Match", out var etags) ? etags.Single() : null;
        if (request.Method != HttpMethod.Get && condition is not null)
        {
            if (found is null)
                return Error(HttpStatusCode.NotFound, "ResourceNotFound");
            if (condition != "*" && condition != found["odata.etag"]!.GetValue<string>())
                return Error(HttpStatusCode.PreconditionFailed, "UpdateConditionNotSatisfied");
        }

        switch (request.Method.Method)
        {
            case "GET":
                return found is null ? Error(HttpStatusCode.NotFound, "ResourceNotFound") : Json(HttpStatusCode.OK, found);
            case "POST" when found is not null:
                return Error(HttpStatusCode.Conflict, "EntityAlreadyExists");
            case "DELETE":
                rows.Remove(row);
                return new HttpResponseMessage(HttpStatusCode.NoContent);
            default:
                var merged = request.Method.Method is "PATCH" or "MERGE" && found is not null ? found.DeepClone().AsObject() : [];
                foreach (var (name, value) in body!)
                {
                    if (!body.ContainsKey(name + TypeSuffix))
                        merged.Remove(name + TypeSuffix);
                    merged[name] = value?.DeepClone();
                }

                (merged["PartitionKey"], merged["RowKey"]) = (partition, row);
                merged["odata.etag"] = $"W/\"{Interlocked.Increment(ref _versions).ToString(CultureInfo.InvariantCulture)}\"";
                rows[row] = merged;
                var answer = new HttpResponseMessage(HttpStatusCode.NoContent);
                answer.Headers.TryAddWithoutValidation("ETag", merged["odata.etag"]!.GetValue<string>());
                return answer;
        }
    }

    /// <summary>Changes of one partition, all of them or none: what would fail is found out before anything is changed.</summary>
    private HttpResponseMessage Batch(string text)
    {
        var operations = Operation().Matches(text).Select(match => new BatchOperation(
            new HttpMethod(match.Groups["method"].Value),
            Address().Match(Uri.UnescapeDataString(new Uri(match.Groups["url"].Value).AbsolutePath)),
            IfMatch().Match(match.Groups["headers"].Value) is { Success: true } condition ? condition.Groups["etag"].Value.Trim() : null,
            match.Groups["body"].Value is { Length: > 0 } body ? JsonNode.Parse(body)!.AsObject() : null)).ToList();
        var table = _tables.GetOrAdd(operations[0].Table, _ => new(StringComparer.Ordinal));
        var failure = Failing(new TableCall("POST", operations[0].Table, operations[0].Partition, operations[0].Row));
        if (failure == TableFailure.Before)
            return Error(HttpStatusCode.ServiceUnavailable, "ServerBusy");
        var answers = new StringBuilder();
        lock (table)
        {
            foreach (var (index, operation) in operations.Index())
            {
                var found = table.GetValueOrDefault(operation.Partition)?.GetValueOrDefault(operation.Row);
                if (WhyNot(operation, found) is not { } why)
                    continue;
                var refusal = new JsonObject { ["code"] = why.Code, ["message"] = new JsonObject { ["value"] = $"{index}:{why.Code}" } };
                return Multipart($"HTTP/1.1 {(int)why.Status} {why.Status}\r\nContent-Type: application/json\r\n\r\n"
                    + new JsonObject { ["odata.error"] = refusal }.ToJsonString());
            }

            foreach (var operation in operations)
            {
                using var request = new HttpRequestMessage(operation.Method, "https://memory/");
                if (operation.IfMatch is not null)
                    request.Headers.TryAddWithoutValidation("If-Match", operation.IfMatch);
                var answer = One(table, operation.Partition, operation.Row, request, operation.Body);
                var etag = answer.Headers.TryGetValues("ETag", out var values) ? $"ETag: {values.Single()}\r\n" : "";
                answers.Append($"--changes\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n{etag}\r\n\r\n");
            }
        }

        return failure == TableFailure.After
            ? Error(HttpStatusCode.InternalServerError, "InternalError")
            : Multipart(answers.ToString(), true);
    }

    private static (HttpStatusCode Status, string Code)? WhyNot(BatchOperation operation, JsonObject? found)
    {
        if (operation.Method == HttpMethod.Post)
            return found is null ? null : (HttpStatusCode.Conflict, "EntityAlreadyExists");
        if (operation.IfMatch is null)
            return null;
        if (found is null)
            return (HttpStatusCode.NotFound, "ResourceNotFound");
        return operation.IfMatch == "*" || operation.IfMatch == found["odata.etag"]!.GetValue<string>()
            ? null
            : (HttpStatusCode.PreconditionFailed, "UpdateConditionNotSatisfied");
    }

    private static HttpResponseMessage Multipart(string parts, bool areParts = false)
    {
        var inner = areParts ? parts : $"--changes\r\nContent-Type: application/http\r\n\r\n{parts}\r\n";
        var text = $"--batch\r\nContent-Type: multipart/mixed; boundary=changes\r\n\r\n{inner}--changes--\r\n--batch--\r\n";
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/mixed; boundary=batch");
        return new HttpResponseMessage(HttpStatusCode.Accepted) { Content = content };
    }

    private static HttpResponseMessage Query(
        SortedDictionary<string, SortedDictionary<string, JsonObject>> table, System.Collections.Specialized.NameValueCollection query)
    {
        var filter = query["$filter"];
        var wanted = string.IsNullOrEmpty(filter) ? _ => true : TableFilter.Parse(filter);
        var top = query["$top"] is { } most ? int.Parse(most, CultureInfo.InvariantCulture) : 1_000;
        var (fromPartition, fromRow) = (query["NextPartitionKey"], query["NextRowKey"]);
        var matching = KeyRange.Of(filter ?? "").RowsOf(table).Where(wanted)
            .SkipWhile(row => fromPartition is not null && IsBefore(row, fromPartition, fromRow))
            .Take(top + 1).ToList();
        var answer = Json(
            HttpStatusCode.OK, new JsonObject { ["value"] = new JsonArray([.. matching.Take(top).Select(row => row.DeepClone())]) });
        if (matching.Count <= top)
            return answer;
        answer.Headers.Add("x-ms-continuation-NextPartitionKey", matching[top]["PartitionKey"]!.GetValue<string>());
        answer.Headers.Add("x-ms-continuation-NextRowKey", matching[top]["RowKey"]!.GetValue<string>());
        return answer;
    }

    private static bool IsBefore(JsonObject row, string partition, string? key)
    {
        var order = string.CompareOrdinal(row["PartitionKey"]!.GetValue<string>(), partition);
        return order < 0 || (order == 0 && string.CompareOrdinal(row["RowKey"]!.GetValue<string>(), key) < 0);
    }

    private static HttpResponseMessage Json(HttpStatusCode status, JsonObject body)
        => new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    private static HttpResponseMessage Error(HttpStatusCode status, string code) => Json(status, new JsonObject
    {
        ["odata.error"] = new JsonObject { ["code"] = code, ["message"] = new JsonObject { ["lang"] = "en-US", ["value"] = code } },
    });

    [GeneratedRegex(
        @"(?<method>POST|PUT|PATCH|MERGE|DELETE) (?<url>https?://\S+) HTTP/1\.1\r?\n(?<headers>(?:[^\r\n]+\r?\n)*)\r?\n"
            + @"(?<body>\{[^\r\n]*\})?")]
    private static partial Regex Operation();

    [GeneratedRegex(@"If-Match: (?<etag>[^\r\n]+)", RegexOptions.IgnoreCase)]
    private static partial Regex IfMatch();

    [GeneratedRegex(@"^/(?<table>\w+)(\((PartitionKey='(?<partition>[^']*)',\s*RowKey='(?<row>[^']*)')?\))?$")]
    private static partial Regex Address();
}

/// <summary>One of several changes that are made together.</summary>
internal sealed record BatchOperation(HttpMethod Method, Match Address, string? IfMatch, JsonObject? Body)
{
    public string Table => Address.Groups["table"].Value;

    public string Partition => Address.Groups["partition"].Success
        ? Address.Groups["partition"].Value
        : Body!["PartitionKey"]!.GetValue<string>();

    public string Row => Address.Groups["row"].Success ? Address.Groups["row"].Value : Body!["RowKey"]!.GetValue<string>();
}

/// <summary>One call to the tables.</summary>
internal sealed record TableCall(string Method, string Table, string Partition, string Row);

/// <summary>Whether and when a call fails.</summary>
internal enum TableFailure
{
    None,
    Before,
    After,
}
