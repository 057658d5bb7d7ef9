using System.Diagnostics;
using System.Globalization;
using OmsWorkflows.Local.FunctionsHost.Rpc;
using OmsWorkflows.Local.FunctionsHost.Worker;
using Yarp.ReverseProxy.Forwarder;

namespace OmsWorkflows.Local.FunctionsHost.Http;

/// <summary>
/// Calls an HTTP function: the request itself goes to the worker's own web server, and beside it the invocation, which carries the route's
/// values. The worker matches the two by the invocation's id.
/// </summary>
/// <param name="maxRequests">That many at a time; one more waits (<c>extensions.http.maxConcurrentRequests</c> of host.json).</param>
internal sealed class WorkerForwarder(
    IHttpForwarder forwarder, Invoker invoker, Func<string> durableClient, int maxRequests, ILogger logger) : IDisposable
{
    /// <summary>By then the next worker is about to be ready.</summary>
    private const string Seconds = "2";

    private const string InvocationHeader = "x-ms-invocation-id";

    /// <summary>The Functions host gives a request 230 seconds; a little more lets the function's own time-out be the first.</summary>
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        MaxConnectionsPerServer = maxRequests,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
    });

    /// <summary>
    /// Answers the request with what the function answers. When it fails before it has answered: 500 without a body, or 503 where another
    /// worker will serve the same request.
    /// </summary>
    public async Task InvokeAsync(HttpContext context, HttpFunction function)
    {
        var metadata = context.Request.RouteValues
            .Where(value => value.Value is not null)
            .Select(value => KeyValuePair.Create(value.Key, Convert.ToString(value.Value, CultureInfo.InvariantCulture)!));
        var request = Invoker.Request(function.Function, new TypedData { Http = new RpcHttp() }, durableClient(), metadata);
        context.Request.Headers[InvocationHeader] = request.InvocationId;
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            var error = await invoker.RunAsync(worker => BothAsync(context, function, request, worker), context.RequestAborted);
            if (error == ForwarderError.None)
                return;

            logger.NotForwarded(context.GetForwarderErrorFeature()?.Exception, function.Function.Name, error);
            // The worker could not be reached, or broke off before it answered.
            if (error == ForwarderError.Request)
                status = StatusCodes.Status503ServiceUnavailable;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody is left to answer.
            return;
        }
        catch (FunctionFailedException e)
        {
            logger.FunctionFailed(e, function.Function.Name);
        }
        catch (WorkerProcessExitException e)
        {
            logger.FunctionFailed(e, function.Function.Name);
            status = StatusCodes.Status503ServiceUnavailable;
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = Seconds;
    }

    public void Dispose() => _client.Dispose();

    private async Task<ForwarderError> BothAsync(HttpContext context, HttpFunction function, InvocationRequest request, ReadyWorker worker)
    {
        var gone = context.RequestAborted;
        var to = worker.HttpUri!.ToString();
        var forwarding = forwarder.SendAsync(context, to, _client, Config, ForwardedHeaders.Instance, gone).AsTask();
        var invocation = worker.InvokeAsync(function.Function.Name, request, gone);
        // A request that never reaches the worker (a body over the limit) leaves the invocation waiting for it.
        if (await Task.WhenAny(forwarding, invocation) == forwarding && await forwarding is var error and not ForwarderError.None)
            return error;

        await Task.WhenAll(forwarding, invocation);
        return await forwarding;
    }

    /// <summary>Tells the worker what the caller saw: its integration reads these headers.</summary>
    private sealed class ForwardedHeaders : HttpTransformer
    {
        public static readonly ForwardedHeaders Instance = new();

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            Set(proxyRequest, "X-Forwarded-Host", httpContext.Request.Host.Value);
            Set(proxyRequest, "X-Forwarded-Proto", httpContext.Request.Scheme);
            Set(proxyRequest, "X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString());
        }

        private static void Set(HttpRequestMessage request, string name, string? value)
        {
            request.Headers.Remove(name);
            if (!string.IsNullOrEmpty(value))
                request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
