using System.Globalization;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Benchmarks.Webhooks;

/// <summary>
/// The budget of the webhook receiver: the app as a process of its own on Azurite, signed deliveries at a constant rate, counted from
/// the moment each was due. Then the same deliveries through the receiver alone, with a store that answers at once, for its own time.
/// </summary>
internal static class WebhookBenchmark
{
    private const int Rate = 200;
    private const double TotalBudget = 100;
    private const double OwnBudget = 10;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync()
    {
        var secret = DeliveryMaker.NewSecret();
        var total = await ThroughTheAppAsync(secret);
        var own = await OwnTime.MeasureAsync(secret, Rate, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
        Print("answered, all in all", total, TotalBudget);
        Print("own time: store at no cost", own, OwnBudget);
        return Meets(total, TotalBudget) && Meets(own, OwnBudget) ? 0 : 1;
    }

    private static async Task<Latencies> ThroughTheAppAsync(string secret)
    {
        var settings = new MachineSettings
        {
            Sandbox = new Dictionary<string, string> { ["Sandbox:RateLimit"] = "0" },
            // All deliveries come from here, so journeys have to ask for their endorsements.
            App = new Dictionary<string, string> { ["Webhooks:CurrentSecret"] = secret, ["Onboarding:Poll"] = "00:00:02" },
            RegisterWebhook = false,
        };
        await using var machine = await Machine.StartAsync(settings, line => Console.WriteLine($"… {line}"), default);
        Console.WriteLine($"… {WaitingJourneys.Count} journeys on their way to a deposit code");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var waiting = await WaitingJourneys.StartAsync(machine, limit.Token);
        var maker = new DeliveryMaker(secret, waiting);
        Console.WriteLine($"… {Rate} deliveries per second: {WarmUp.TotalSeconds:0} s to warm up, "
            + $"{Length.TotalSeconds:0} s counted; {DeliveryMaker.Workload}");
        using var receiver = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 })
        {
            BaseAddress = new Uri(machine.App.Url),
        };
        await OpenLoop.RunAsync(Rate, WarmUp, () => maker.SendAsync(receiver));
        return await OpenLoop.RunAsync(Rate, Length, () => maker.SendAsync(receiver));
    }

    private static bool Meets(Latencies latencies, double budget) => latencies.Refused == 0 && latencies.At(99) < budget;

    private static void Print(string what, Latencies latencies, double budget) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"webhooks     {what,-28} {latencies.Count,6} deliveries, {latencies.Refused} refused   "
        + $"p50 {latencies.At(50),7:N2}   p95 {latencies.At(95),7:N2}   p99 {latencies.At(99),7:N2}   max {latencies.At(100),7:N2} ms   "
        + $"budget p99 < {budget:N0} ms: {(Meets(latencies, budget) ? "met" : "MISSED")}"));
}
