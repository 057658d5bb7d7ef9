using System.Net;
using System.Net.Sockets;
using OmsWorkflows.Local.FunctionsHost.Durable;
using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Http;
using OmsWorkflows.Local.FunctionsHost.Keys;
using OmsWorkflows.Local.FunctionsHost.Rpc;
using OmsWorkflows.Local.FunctionsHost.Settings;
using OmsWorkflows.Local.FunctionsHost.Timers;
using OmsWorkflows.Local.FunctionsHost.Worker;

namespace OmsWorkflows.Local.FunctionsHost;

/// <summary>Puts the host together and runs it: settings, keys, worker, orchestrations, timers, HTTP; and in reverse to the end.</summary>
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
        CheckDatabase(options.Database);

        using var loggers = HostLogging.Create(settings, options.JsonLogs);
        using var telemetry = HostTelemetry.Start(settings);
        var logger = loggers.CreateLogger(typeof(LocalHost));
        await using var rpc = await RpcServer.StartAsync(loggers);
        var environment = AppSettings.ForWorker(options.App, local, hostName);
        await using var keeper = new WorkerKeeper(config, options.App, environment, rpc, clock, loggers);
        var worker = await keeper.StartAsync(stop);
        var functions = FunctionList.From(worker.Metadata, settings);
        var httpFunctions = HttpFunction.Among(functions, settings[HostConfiguration.RoutePrefix] ?? "api", worker.HttpUri);

        var invoker = new Invoker(keeper, clock);
        var webHooks = new WebHooks(hostName, keys);
        await using var durable = await DurableHost.StartAsync(options.App, functions, invoker, settings, webHooks, loggers);

        var statuses = new TimerStatusFile(Path.ChangeExtension(options.Database, ".timers.json"), logger);
        var timers = new TimerFunctions(functions, settings, statuses, invoker, () => durable.ClientPayload, clock, logger);
        await using var app = HttpServer.CreateBuilder(address, port, settings, loggers).Build();
        var maxRequests = HostConfiguration.MaxConcurrentRequests(settings);
        using var forwarder = new WorkerForwarder(app.Services, invoker, () => durable.ClientPayload, maxRequests, logger);
        var wrongKeys = new WrongKeys(clock, logger);
        HttpServer.Map(app, httpFunctions, keys, wrongKeys, forwarder, new ManagementApi(webHooks, keys, wrongKeys));
        await app.StartAsync(stop);
        using var ending = new CancellationTokenSource();
        var timing = timers.RunAsync(stop, ending.Token);

        logger.Serving(functions.Count, string.Join(", ", functions.Select(function => function.Name)));
        // Whoever started the process finds the address in this one line, whatever form the logs have.
        var host = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : options.Address;
        await Console.Out.WriteLineAsync($"Now listening on: http://{host}:{port}");
        // Any of them: so the cancellation, which is how this ends, does not throw.
        await Task.WhenAny(Task.Delay(Timeout.InfiniteTimeSpan, clock, stop));

        logger.Stopping(options.Grace);
        using var limit = new CancellationTokenSource(options.Grace, clock);
        await Task.WhenAll(app.StopAsync(limit.Token), invoker.DrainAsync(options.Grace));
        await ending.CancelAsync();
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
            var cause = StartRefusedException.Cause(e);
            throw new StartRefusedException($"--port {port}: {new IPEndPoint(address, port)} cannot be used: {cause}. {WhatToDo(e)}", e);
        }
    }

    private static string WhatToDo(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "Stop whoever listens there, or name another port; 0 is any free one.",
        SocketError.AccessDenied => "Name a port from 1024 up.",
        _ => "Name an address of this machine with --address.",
    };

    /// <summary>Says at once that the database cannot be used; whatever else is wrong with it, its provider says.</summary>
    private static void CheckDatabase(string database)
    {
        if (Directory.Exists(database) || Path.EndsInDirectorySeparator(database))
            throw new StartRefusedException($"--database {database} is a folder: name a file in it.");

        foreach (var part in (string[])["", "-wal", "-shm"])
            OwnFile.RefuseLooseMode("--database", database + part);

        var folder = Path.GetDirectoryName(database)!;
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = File.Create(Path.Combine(folder, $".probe-{Guid.NewGuid():N}"), bufferSize: 1, FileOptions.DeleteOnClose);
            // As much as a new database takes: a full disk still takes an empty file.
            probe.Write(new byte[256 * 1024]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"--database {database}: its folder cannot be written: {StartRefusedException.Cause(e)}", e);
        }
    }
}
