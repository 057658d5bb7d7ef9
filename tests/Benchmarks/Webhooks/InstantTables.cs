using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace OmsWorkflows.Benchmarks.Webhooks;

/// <summary>
/// A table store without a network or a disk: every write succeeds, and resources whose id says so have one listener, of the same id.
/// </summary>
internal sealed class InstantTables : HttpPipelineTransport
{
    public const string ListenedPrefix = "ci_listened";

    public const string ConnectionString =
        "DefaultEndpointsProtocol=http;AccountName=instant;AccountKey=aW5zdGFudA==;TableEndpoint=http://127.0.0.1:1/instant;";

    private static readonly byte[] NotFound =
        """{"odata.error":{"code":"ResourceNotFound","message":{"value":"Not there."}}}"""u8.ToArray();

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => message.Response = Answer(message.Request);

    public override ValueTask ProcessAsync(HttpMessage message)
    {
        Process(message);
        return default;
    }

    private static TableAnswer Answer(Request request)
    {
        if (request.Method != RequestMethod.Get)
            return new TableAnswer(204, null);
        var path = Uri.UnescapeDataString(request.Uri.Path);
        var at = path.IndexOf(ListenedPrefix, StringComparison.Ordinal);
        if (at < 0)
            return new TableAnswer(404, NotFound);
        var id = path[at..path.IndexOf('\'', at)];
        return new TableAnswer(200, Encoding.UTF8.GetBytes(
            $$"""{"PartitionKey":"{{id}}","RowKey":"listeners","ResourceId":"{{id}}","Listeners":"[{\"InstanceId\":\"{{id}}\"}]"}"""));
    }
}
