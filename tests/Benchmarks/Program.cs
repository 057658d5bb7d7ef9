using System.Globalization;
using OmsWorkflows.Benchmarks;
using OmsWorkflows.Benchmarks.Hosts;
using OmsWorkflows.Benchmarks.Webhooks;

if (args is ["start-up", var database, var instances])
{
    return await WaitingBenchmarks.StartUpAsync(database, int.Parse(instances, CultureInfo.InvariantCulture));
}

if (args is ["webhooks"])
{
    return await WebhookBenchmark.RunAsync();
}

if (args is ["hosts"])
{
    return await HostBenchmarks.RunAsync();
}

if (args is not ["engine", ..])
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Benchmarks -- engine [workload …] | hosts | webhooks");
    return 2;
}

return await EngineBenchmarks.RunAsync([.. args.Skip(1)]);
