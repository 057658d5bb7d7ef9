using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Benchmarks.Webhooks;

/// <summary>
/// The receiver's own time: verify, read, raise at the durable engine (which commits to its disk), and all the store's client does, but a
/// store that answers at once.
/// </summary>
internal static class OwnTime
{
    public static async Task<Latencies> MeasureAsync(string secret, int rate, TimeSpan warmUp, TimeSpan length)
    {
        string[] waiting = [.. Enumerable.Range(0, WaitingJourneys.Count).Select(number => InstantTables.ListenedPrefix + number)];
        await using var engine = await new BenchmarkEngine(tasks => tasks.AddOrchestratorFunc<string>("wait", WaitAsync)).StartAsync();
        foreach (var cashIn in waiting)
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("wait", null, new StartOrchestrationOptions(cashIn));

        var receiver = Receiver(secret);
        var maker = new DeliveryMaker(secret, waiting);
        var durations = new ConcurrentBag<double>();
        await OpenLoop.RunAsync(rate, warmUp, () => ReceiveAsync(receiver, maker, engine.Client, []));
        var counted = await OpenLoop.RunAsync(rate, length, () => ReceiveAsync(receiver, maker, engine.Client, durations));
        return new Latencies(durations, counted.Refused);
    }

    /// <summary>Counts from the call, not from when it was due: how late a timer wakes the sender is not the receiver's time.</summary>
    private static async Task<bool> ReceiveAsync(
        WebhookReceiver receiver, DeliveryMaker maker, DurableTaskClient client, ConcurrentBag<double> durations)
    {
        var (body, signature) = maker.Next();
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = body.Length;
        context.Request.Headers[WebhookSignature.HeaderName] = signature;
        context.Request.Body = new MemoryStream(body);
        var begin = Stopwatch.GetTimestamp();
        var answer = await receiver.ReceiveAsync(context.Request, client);
        durations.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        return answer is IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK };
    }

    private static WebhookReceiver Receiver(string secret)
    {
        var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddMetrics()
            .AddSingleton(new AppTables(
                new TableServiceClient(InstantTables.ConnectionString, new TableClientOptions { Transport = new InstantTables() }), "Oms"))
            .AddSingleton<AppMetrics>()
            .AddSingleton<Inbox>()
            .AddSingleton<WebhookReceiver>();
        services.AddOptions<WebhookOptions>().Configure(options => options.CurrentSecret = secret);
        return services.BuildServiceProvider().GetRequiredService<WebhookReceiver>();
    }

    private static async Task<string> WaitAsync(TaskOrchestrationContext context)
    {
        for (var signals = 0; signals < 50; signals++)
            await context.WaitForExternalEvent<Signal>(Signal.EventName);
        context.ContinueAsNew(null, preserveUnprocessedEvents: true);
        return "";
    }
}
