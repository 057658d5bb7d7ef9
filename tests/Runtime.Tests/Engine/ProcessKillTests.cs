using System.Diagnostics;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

/// <summary>The engine in a process of its own, on a real file with synchronous=FULL, killed without warning again and again.</summary>
public sealed class ProcessKillTests(ITestOutputHelper output)
{
    private const int Steps = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_killed_process_goes_on_where_it_was()
    {
        var directory = Directory.CreateTempSubdirectory("kill-");
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        try
        {
            using var timeout = new CancellationTokenSource(Patience);
            string? result = null;
            var kills = 0;
            while (result is null)
            {
                using var victim = Start(directory.FullName);
                var lives = random.Next(1, 9);
                while (result is null && lives > 0)
                {
                    var line = await victim.StandardOutput.ReadLineAsync(timeout.Token)
                        ?? throw new InvalidOperationException($"The process ended by itself. {await victim.StandardError.ReadToEndAsync()}");
                    lives -= line.StartsWith("step", StringComparison.Ordinal) ? 1 : 0;
                    result = line.StartsWith("result ", StringComparison.Ordinal) ? line["result ".Length..] : null;
                }

                victim.Kill();
                await victim.WaitForExitAsync(timeout.Token);
                kills++;
            }

            kills.Should().BeGreaterThan(2);
            result.Should().Be(string.Join(',', Enumerable.Range(0, Steps)));
            var effects = await File.ReadAllLinesAsync(Path.Combine(directory.FullName, "effects.txt"));
            effects.Distinct().Should().Equal(Enumerable.Range(0, Steps).Select(step => $"{step}"), "every step ran, in order, at least once");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Process Start(string directory)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(
            here.Parent!.Parent!.Parent!.Parent!.FullName, "Benchmarks", "bin", here.Parent.Name, here.Name, "OmsWorkflows.Benchmarks.dll");
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", program, "victim", directory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
