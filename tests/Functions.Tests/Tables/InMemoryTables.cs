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
                ? Query(table, System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query)["$filter"])
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

    private static HttpResponseMessage Query(SortedDictionary<string, SortedDictionary<string, JsonObject>> table, string? filter)
    {
        var wanted = filter is null ? _ => true : TableFilter.Parse(filter);
        IEnumerable<JsonObject> rows = OnePartition().Match(filter ?? "") is { Success: true } match
            ? table.TryGetValue(match.Groups["partition"].Value, out var partition) ? partition.Values : []
            : table.Values.SelectMany(each => each.Values);
        return Json(
            HttpStatusCode.OK, new JsonObject { ["value"] = new JsonArray([.. rows.Where(wanted).Select(row => row.DeepClone())]) });
    }

    private static HttpResponseMessage Json(HttpStatusCode status, JsonObject body)
        => new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    private static HttpResponseMessage Error(HttpStatusCode status, string code) => Json(status, new JsonObject
    {
        ["odata.error"] = new JsonObject { ["code"] = code, ["message"] = new JsonObject { ["lang"] = "en-US", ["value"] = code } },
    });

    [GeneratedRegex("^PartitionKey eq '(?<partition>[^']*)' and [^()]*$")]
    private static partial Regex OnePartition();

    [GeneratedRegex(@"^/(?<table>\w+)(\((PartitionKey='(?<partition>[^']*)',\s*RowKey='(?<row>[^']*)')?\))?$")]
    private static partial Regex Address();
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
