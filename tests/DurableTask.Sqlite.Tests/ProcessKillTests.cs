using System.Diagnostics;
using DurableTask.Core;

namespace DurableTask.Sqlite.Tests;

/// <summary>
/// The service in a process of its own, on a real file with <c>synchronous=FULL</c>, killed without warning again and again.
/// </summary>
public sealed class ProcessKillTests(ITestOutputHelper output)
{
    private const int Steps = 30;

    [Fact]
    public async Task A_killed_process_goes_on_where_it_was()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A kill is a signal.");
        var folder = Directory.CreateTempSubdirectory("dt-kill-");
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var patience = new CancellationTokenSource(Eventually.Patience);
        string? result = null;
        var kills = 0;
        while (result is null)
        {
            using var victim = Start(folder.FullName);
            var lives = random.Next(1, 9);
            while (result is null && lives > 0)
            {
                var line = await victim.StandardOutput.ReadLineAsync(patience.Token)
                    ?? throw new InvalidOperationException(
                        "The process ended by itself. " + await victim.StandardError.ReadToEndAsync(patience.Token));
                lives -= line.StartsWith("step", StringComparison.Ordinal) ? 1 : 0;
                result = line.StartsWith("result ", StringComparison.Ordinal) ? line["result ".Length..] : null;
            }

            victim.Kill();
            await victim.WaitForExitAsync(patience.Token);
            kills++;
        }

        kills.Should().BeGreaterThan(2);
        result.Should().Be(string.Join(',', Enumerable.Range(0, Steps)));
        var effects = await File.ReadAllLinesAsync(Path.Combine(folder.FullName, "effects.txt"), TestContext.Current.CancellationToken);
        effects.Distinct().Should().Equal(Enumerable.Range(0, Steps).Select(step => $"{step}"), "every step ran, in order, at least once");
        folder.Delete(recursive: true);
    }

    /// <summary>What the process to be killed does: it works through the steps and says each.</summary>
    internal static async Task RunVictimAsync(string folder)
    {
        await using var hub = await new Hub(folder: new DirectoryInfo(folder))
            .Orchestration("Steps", async (context, _) =>
            {
                var done = new List<string>();
                for (var step = 0; step < Steps; step++)
                {
                    done.Add(await context.ScheduleTask<string>("Step", string.Empty, $"{step}"));
                    await context.CreateTimer(context.CurrentUtcDateTime.AddMilliseconds(1), string.Empty);
                }

                return string.Join(',', done);
            })
            .Activity("Step", step =>
            {
                File.AppendAllLines(Path.Combine(folder, "effects.txt"), [step]);
                Console.WriteLine($"step {step}");
                return step;
            })
            .StartAsync();
        var all = Enum.GetValues<OrchestrationStatus>();
        try
        {
            await hub.Client.CreateOrchestrationInstanceAsync("Steps", string.Empty, "steps", string.Empty, null, all);
        }
        catch (Core.Exceptions.OrchestrationAlreadyExistsException)
        {
            Console.WriteLine("goes on");
        }

        Console.WriteLine("result " + await hub.EndAsync(new OrchestrationInstance { InstanceId = "steps" }));
        await Task.Delay(Timeout.Infinite);
    }

    private static Process Start(string folder) => Process.Start(
        new ProcessStartInfo("dotnet", ["exec", typeof(ProcessKillTests).Assembly.Location, "victim", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
