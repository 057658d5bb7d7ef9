using System.Globalization;
using OmsWorkflows.Benchmarks;
using OmsWorkflows.Benchmarks.Hosts;
using OmsWorkflows.Benchmarks.Webhooks;

#if DEBUG
Console.Error.WriteLine("This is a Debug build: its figures say nothing. Run it with -c Release.");
#endif
if (args is ["start-up", var database, var instances])
{
    return await WaitingBenchmarks.StartUpAsync(database, Number(instances));
}

if (args is ["webhooks"])
{
    return await WebhookBenchmark.RunAsync();
}

if (args is ["hosts"])
{
    return await HostBenchmarks.RunAsync(few: 100, many: 2_000, events: 2_000);
}

if (args is ["hosts", var few, var many, var events])
{
    return await HostBenchmarks.RunAsync(Number(few), Number(many), Number(events));
}

if (args is not ["engine", ..])
{
    Console.Error.WriteLine(
        "usage: dotnet run -c Release --project tests/Benchmarks -- engine [workload …] | hosts [few many events] | webhooks");
    return 2;
}

return await EngineBenchmarks.RunAsync([.. args.Skip(1)]);

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
