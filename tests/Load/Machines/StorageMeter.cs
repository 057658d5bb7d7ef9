using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace OmsWorkflows.Load.Machines;

/// <summary>
/// Stands between the hosts and Azurite and counts requests by table, queue or container, and method. A batch counts as one request. The
/// app's tables and the task hub have a meter each, since a batch does not say whose it is.
/// </summary>
internal sealed class StorageMeter : IAsyncDisposable
{
    private readonly ConcurrentDictionary<StorageCall, int> _calls = new();
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly List<WebApplication> _fronts = [];

    private StorageMeter()
    {
    }

    /// <summary>Leads through this meter.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>What was asked so far.</summary>
    public IReadOnlyDictionary<StorageCall, int> Calls => new Dictionary<StorageCall, int>(_calls);

    /// <summary>Puts a front before each of the three services.</summary>
    /// <param name="connectionString">Of Azurite.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    public static async Task<StorageMeter> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        var meter = new StorageMeter();
        var parts = new List<string>();
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            parts.Add(pair[0].EndsWith("Endpoint", StringComparison.Ordinal)
                ? $"{pair[0]}={await meter.FrontAsync(new Uri(pair[1]), cancellationToken)}"
                : part);
        }
        meter.ConnectionString = string.Join(';', parts) + ";";
        return meter;
    }

    /// <summary>Forgets what was counted.</summary>
    public void Reset() => _calls.Clear();

    public async ValueTask DisposeAsync()
    {
        foreach (var front in _fronts)
            await front.DisposeAsync();
        _invoker.Dispose();
    }

    private async Task<string> FrontAsync(Uri behind, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server => server.Limits.MaxRequestBodySize = null);
        builder.Services.AddHttpForwarder();
        var front = builder.Build();
        var forwarder = front.Services.GetRequiredService<IHttpForwarder>();
        var destination = behind.GetLeftPart(UriPartial.Authority);
        front.Run(async context =>
        {
            _calls.AddOrUpdate(StorageCall.Of(context.Request), 1, (_, count) => count + 1);
            await forwarder.SendAsync(
                context, destination, _invoker, ForwarderRequestConfig.Empty, AsItCame.Instance, context.RequestAborted);
        });
        await front.StartAsync(cancellationToken);
        _fronts.Add(front);
        return front.Urls.Single() + behind.AbsolutePath;
    }

    /// <summary>Storage's signature covers path and headers, not host and port: both are passed on as they were sent.</summary>
    private sealed class AsItCame : HttpTransformer
    {
        public static readonly AsItCame Instance = new();

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            proxyRequest.RequestUri = new Uri(destinationPrefix + target);
            proxyRequest.Headers.Host = null;
        }
    }
}

/// <summary>One kind of request.</summary>
/// <param name="Thing">Table, queue or container, without what follows its name; <c>$batch</c> for several rows at once.</param>
/// <param name="Method">The HTTP method.</param>
internal sealed partial record StorageCall(string Thing, string Method)
{
    /// <summary>Reads a request such as <c>GET /devstoreaccount1/Table(PartitionKey='…',RowKey='…')</c>.</summary>
    public static StorageCall Of(HttpRequest request)
    {
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var name = path.Length > 1 ? path[1].Split('(')[0] : "";
        return new(NumberAtEnd().Replace(name, "-*"), request.Method);
    }

    /// <summary>The queues of the task hub's partitions count as one.</summary>
    [GeneratedRegex(@"-\d+$")]
    private static partial Regex NumberAtEnd();
}
