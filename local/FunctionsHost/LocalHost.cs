using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OmsWorkflows.Local.FunctionsHost.Durable;
using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Http;
using OmsWorkflows.Local.FunctionsHost.Keys;
using OmsWorkflows.Local.FunctionsHost.Rpc;
using OmsWorkflows.Local.FunctionsHost.Settings;
using OmsWorkflows.Local.FunctionsHost.Timers;
using OmsWorkflows.Local.FunctionsHost.Worker;
using Yarp.ReverseProxy.Forwarder;

namespace OmsWorkflows.Local.FunctionsHost;

/// <summary>Puts the host together and runs it: settings, keys, worker, durable orchestrations, timers, HTTP; and in reverse to the end.</summary>
internal static class LocalHost
{
    /// <summary>The worker needs a moment to end after it was asked to.</summary>
    private static readonly TimeSpan WorkerGrace = TimeSpan.FromSeconds(3);

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    /// <exception cref="StartRefusedException">It cannot start.</exception>
    public static async Task RunAsync(StartOptions options, TimeProvider clock, CancellationToken stop)
    {
        var config = WorkerConfig.Read(options.App);
        var local = LocalSettings.Read(options.App);
        var address = ParseAddress(options.Address);
        var port = FreePort(address, options.Port ?? local.Port ?? StartOptions.DefaultPort);
        var hostName = $"localhost:{port}";
        var settings = HostConfiguration.Read(options, local, hostName);
        var keys = new HostKeys(KeyFile.Load(options.Keys, HostKeys.SystemKeyName("durabletask")));
        CheckWritable(options.Database);

        using var loggers = HostLogging.Create(settings, options.JsonLogs);
        var logger = loggers.CreateLogger(typeof(LocalHost));
        await using var rpc = await RpcServer.StartAsync(loggers);
        await using var keeper = new WorkerKeeper(config, options.App, AppSettings.ForWorker(options.App, local, hostName), rpc, clock, loggers);
        var worker = await keeper.StartAsync(stop);
        var functions = FunctionList.From(worker.Metadata, settings);
        var http = HttpFunction.Among(functions, settings[$"{HostConfiguration.JobHost}:extensions:http:routePrefix"] ?? "api", worker.HttpUri);

        var invoker = new Invoker(keeper, clock);
        var webHooks = new WebHooks(hostName, keys);
        await using var durable = await DurableHost.StartAsync(options.App, functions, invoker, settings, webHooks, loggers);

        var statuses = new TimerStatusFile(Path.ChangeExtension(options.Database, ".timers.json"), logger);
        var timers = new TimerFunctions(functions, settings, statuses, invoker, () => durable.ClientPayload, clock, logger);
        await using var app = HttpServer.CreateBuilder(address, port, local, settings, loggers).Build();
        using var forwarder = new WorkerForwarder(app.Services.GetRequiredService<IHttpForwarder>(), invoker, () => durable.ClientPayload);
        HttpServer.Map(app, local, http, keys, forwarder, new ManagementApi(webHooks, keys), logger);
        await ListenAsync(app, address, port);
        using var stopTimers = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var timing = timers.RunAsync(stopTimers.Token);

        logger.Serving(functions.Count, string.Join(", ", functions.Select(function => function.Name)));
        // Whoever started the process finds the address in this one line, whatever form the logs have.
        await Console.Out.WriteLineAsync($"Now listening on: http://{options.Address}:{port}");
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        logger.Stopping(options.Grace);
        using var limit = new CancellationTokenSource(options.Grace, clock);
        await Task.WhenAll(app.StopAsync(limit.Token), invoker.DrainAsync(options.Grace));
        await durable.StopAsync(limit.Token);
        await keeper.StopAsync(WorkerGrace);
        await timing;
    }

    private static IPAddress ParseAddress(string text) => IPAddress.TryParse(text == "localhost" ? "127.0.0.1" : text, out var address)
        ? address
        : throw new StartRefusedException($"--address is '{text}': it must be an IP address, such as 127.0.0.1 or 0.0.0.0.");

    /// <summary>Says at once that the port is taken, before a worker is started for nothing; turns 0 into a free one.</summary>
    private static int FreePort(IPAddress address, int port)
    {
        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (SocketException e)
        {
            throw new StartRefusedException($"--port {port}: http://{address}:{port} cannot be listened on: {e.Message}. Is another host running?", e);
        }
    }

    private static void CheckWritable(string database)
    {
        var folder = Path.GetDirectoryName(database)!;
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(
                Path.Combine(folder, $".probe-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"--database {database}: its folder cannot be written: {StartRefusedException.Cause(e)}", e);
        }
    }

    private static async Task ListenAsync(WebApplication app, IPAddress address, int port)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or AddressInUseException)
        {
            throw new StartRefusedException($"--port {port}: http://{address}:{port} cannot be listened on: {StartRefusedException.Cause(e)}", e);
        }
    }
}
