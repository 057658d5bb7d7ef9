using System.Net.Sockets;
using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>A worker that has loaded all functions.</summary>
/// <param name="Channel">The conversation with it.</param>
/// <param name="Metadata">Its functions.</param>
/// <param name="HttpUri">Where it takes HTTP requests; <see langword="null"/> if the app does not use the ASP.NET Core integration.</param>
internal sealed record ReadyWorker(WorkerChannel Channel, IReadOnlyList<RpcFunctionMetadata> Metadata, Uri? HttpUri)
{
    /// <summary>The Functions host whose behaviour this one has.</summary>
    private const string HostVersion = "4.1037.0";

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(10);

    // Two of one name are refused where the list is read.
    private readonly Dictionary<string, string> _ids = Metadata
        .DistinctBy(function => function.Name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(function => function.Name, function => function.FunctionId, StringComparer.OrdinalIgnoreCase);

    /// <summary>Goes through the protocol's beginning: initialise, list the functions, load each.</summary>
    /// <exception cref="StartRefusedException">The worker refused one of the steps.</exception>
    public static async Task<ReadyWorker> PrepareAsync(
        WorkerChannel channel, string folder, TimeProvider clock, CancellationToken cancellation)
    {
        await channel.Opened.WaitAsync(cancellation);
        var beginning = new WorkerInitRequest { HostVersion = HostVersion, WorkerDirectory = folder, FunctionAppDirectory = folder };
        var init = (await channel.AskAsync(new() { WorkerInitRequest = beginning }, cancellation)).WorkerInitResponse;
        Check(init.Result, "The worker could not be initialised");

        var listing = new FunctionsMetadataRequest { FunctionAppDirectory = folder };
        var listed = (await channel.AskAsync(new() { FunctionsMetadataRequest = listing }, cancellation)).FunctionMetadataResponse;
        Check(listed.Result, "The worker could not list its functions");

        await Task.WhenAll(listed.FunctionMetadataResults.Select(function => LoadAsync(channel, function, cancellation)));
        var http = init.Capabilities.TryGetValue("HttpUri", out var uri) ? new Uri(uri) : null;
        if (http is not null)
            await UntilListeningAsync(http, clock, cancellation);

        return new(channel, listed.FunctionMetadataResults, http);
    }

    /// <summary>Runs the function of this name.</summary>
    public Task<TypedData?> InvokeAsync(string function, InvocationRequest request, CancellationToken cancellation)
    {
        request.FunctionId = _ids[function];
        return Channel.InvokeAsync(request, cancellation);
    }

    private static async Task LoadAsync(WorkerChannel channel, RpcFunctionMetadata function, CancellationToken cancellation)
    {
        var load = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function };
        var loaded = (await channel.AskAsync(new() { FunctionLoadRequest = load }, cancellation)).FunctionLoadResponse;
        Check(loaded.Result, $"Function '{function.Name}' cannot be loaded");
    }

    private static void Check(StatusResult? result, string otherwise)
    {
        if (result is { Status: not StatusResult.Types.Status.Success })
            throw new StartRefusedException(StartRefusedException.OneLine($"{otherwise}: {result.Status} {result.Exception?.Message}"));
    }

    /// <summary>The worker calls the host before its own web server listens.</summary>
    private static async Task UntilListeningAsync(Uri uri, TimeProvider clock, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(uri.Host, uri.Port, cancellation);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(AskAgain, clock, cancellation);
            }
        }
    }
}
