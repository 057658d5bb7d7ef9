using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OmsWorkflows.Local.FunctionsHost.Rpc;

/// <summary>Where workers call back: an endpoint of its own on a free port of this machine, never that of the app's users.</summary>
internal sealed class RpcServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Conversations _conversations;

    private RpcServer(WebApplication app, Conversations conversations, Uri uri)
    {
        _app = app;
        _conversations = conversations;
        Uri = uri;
    }

    /// <summary>Its address.</summary>
    public Uri Uri { get; }

    /// <summary>Starts to listen.</summary>
    public static async Task<RpcServer> StartAsync(ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var conversations = new Conversations();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(conversations);
        builder.Services.AddRouting();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = int.MaxValue;
            grpc.MaxSendMessageSize = int.MaxValue;
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new(app, conversations, new Uri(addresses.Addresses.Single()));
    }

    /// <summary>Expects a worker of this id; <paramref name="converse"/> runs as long as its stream is open.</summary>
    public void Expect(string workerId, Converse converse) => _conversations[workerId] = converse;

    /// <summary>Expects it no longer.</summary>
    public void Forget(string workerId) => _conversations.TryRemove(workerId, out _);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal delegate Task Converse(
        IAsyncStreamReader<StreamingMessage> fromWorker, IServerStreamWriter<StreamingMessage> toWorker, CancellationToken closed);

    private sealed class Conversations : ConcurrentDictionary<string, Converse>;

    private sealed class Service(Conversations conversations) : FunctionRpc.FunctionRpcBase
    {
        public override async Task EventStream(
            IAsyncStreamReader<StreamingMessage> requestStream,
            IServerStreamWriter<StreamingMessage> responseStream,
            ServerCallContext context)
        {
            if (!await requestStream.MoveNext(context.CancellationToken)
                || requestStream.Current.StartStream is not { } start
                || !conversations.TryGetValue(start.WorkerId, out var converse))
            {
                var refused = new Status(StatusCode.PermissionDenied, "Only a worker that this host started may connect.");
                throw new Grpc.Core.RpcException(refused);
            }

            await converse(requestStream, responseStream, context.CancellationToken);
        }
    }
}
