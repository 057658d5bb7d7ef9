using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.Local.Runtime.Engine;

namespace OmsWorkflows.Benchmarks;

/// <summary>A process for a test to kill: runs one orchestration whose activities leave a trace, and goes on with it when started again.</summary>
internal static class Victim
{
    private const int Steps = 30;

    public static async Task<int> RunAsync(string directory)
    {
        var effects = Path.Combine(directory, "effects.txt");
        using var host = new HostBuilder()
            .ConfigureServices(services => services.AddDurableEngine(
                tasks => tasks
                    .AddOrchestratorFunc<string>("steps", async context =>
                    {
                        var done = new List<int>();
                        for (var step = 0; step < Steps; step++)
                        {
                            done.Add(await context.CallActivityAsync<int>("step", step));
                            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                        }

                        return string.Join(',', done);
                    })
                    .AddActivityFunc<int, int>("step", (_, step) =>
                    {
                        File.AppendAllText(effects, step.ToString(CultureInfo.InvariantCulture) + Environment.NewLine);
                        Console.WriteLine($"step {step}");
                        return step;
                    }),
                options => options.DatabasePath = Path.Combine(directory, "durable.db")))
            .Build();
        await host.StartAsync();
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        if (await client.GetInstanceAsync("victim") is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("steps", null, new StartOrchestrationOptions("victim"));
        }

        var end = await client.WaitForInstanceCompletionAsync("victim", getInputsAndOutputs: true);
        Console.WriteLine($"result {end.ReadOutputAs<string>()}");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
