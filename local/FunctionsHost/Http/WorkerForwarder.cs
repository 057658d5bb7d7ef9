using System.Diagnostics;
using System.Globalization;
using System.Text;
using OmsWorkflows.Local.FunctionsHost.Rpc;
using OmsWorkflows.Local.FunctionsHost.Worker;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OmsWorkflows.Local.FunctionsHost.Http;

/// <summary>
/// Calls an HTTP function: the request itself goes to the worker's own web server, and beside it the invocation, which carries the route's
/// values. The worker matches the two by the invocation's id.
/// </summary>
/// <param name="maxRequests">That many at a time; one more waits (<c>extensions.http.maxConcurrentRequests</c> of host.json).</param>
internal sealed class WorkerForwarder(
    IServiceProvider services, Invoker invoker, Func<string> durableClient, int maxRequests, ILogger logger) : IDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";

    /// <summary>The Functions host gives a request 230 seconds; a little more lets the function's own time-out be the first.</summary>
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly IHttpForwarder _forwarder = services.GetRequiredService<IHttpForwarder>();

    /// <summary>Tells the worker what the caller saw: its integration reads these headers.</summary>
    private readonly HttpTransformer _transform = services.GetRequiredService<ITransformBuilder>()
        .Create(transforms => transforms.AddOriginalHost().AddXForwarded(ForwardedTransformActions.Set));

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        MaxConnectionsPerServer = maxRequests,
        // As they came in: by default the client refuses to send what is not ASCII, and the caller would be told that the worker has ended.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
    });

    /// <summary>
    /// Answers the request with what the function answers. When it fails before it has answered: 500 without a body, or 503 and a problem
    /// where another worker will serve the same request.
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
            status = StatusOf(error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody is left to answer.
            return;
        }
        catch (Exception e) when (e is FunctionFailedException or WorkerProcessExitException)
        {
            logger.FunctionFailed(e, function.Function.Name);
            if (e is WorkerProcessExitException)
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
            await AskAgainAsync(context);
    }

    public void Dispose() => _client.Dispose();

    private async Task<ForwarderError> BothAsync(HttpContext context, HttpFunction function, InvocationRequest request, ReadyWorker worker)
    {
        var gone = context.RequestAborted;
        var to = worker.HttpUri!.ToString();
        var forwarding = _forwarder.SendAsync(context, to, _client, Config, _transform, gone).AsTask();
        var invocation = worker.InvokeAsync(function.Function.Name, request, gone);
        // A request that never reaches the worker (a body over the limit) leaves the invocation waiting for it.
        if (await Task.WhenAny(forwarding, invocation) == forwarding && await forwarding is var error and not ForwarderError.None)
        {
            // What ended the sending of the body, the function's answer or the worker's end, is known when the invocation ends.
            if (error == ForwarderError.RequestBodyDestination)
                await invocation;

            return error;
        }

        await Task.WhenAll(forwarding, invocation);
        return await forwarding;
    }

    private static int StatusOf(ForwarderError error) => error switch
    {
        // The worker could not be reached, or broke off before it answered.
        ForwarderError.Request or ForwarderError.ResponseBodyDestination => StatusCodes.Status503ServiceUnavailable,
        // The function ended while the body was still being sent: it reads no more of it, and its answer was lost.
        ForwarderError.RequestBodyDestination => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static Task AskAgainAsync(HttpContext context)
    {
        // By then the next worker is about to be ready.
        context.Response.Headers.RetryAfter = "2";
        return Results.Problem(
            title: "The app's process ended while it had this request.",
            detail: "The next one is starting. This request may have been carried out: send it again, with its idempotency key, if any.",
            statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
    }
}
