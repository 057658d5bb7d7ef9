namespace DurableTask.Sqlite.Tests;

/// <summary>
/// The scenario of <see cref="Simulation"/> under every fault at every transaction, against an oracle: the run without faults.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Without_faults_every_activity_runs_once()
    {
        using var run = new Simulation(1, (_, _) => { });

        var result = await run.RunAsync();

        result.Should().Be((Simulation.Expected, "done"));
        run.Ran.Should().BeEquivalentTo(Simulation.Activities.ToDictionary(name => name, _ => 1));
        run.Commits.Should().BeGreaterThan(35);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_at_every_transaction_in_turn_the_run_ends_the_same(bool before)
    {
        var (points, seed) = (0, Random.Shared.Next());
        output.WriteLine($"seed {seed}");
        for (long n = 1; ; n++)
        {
            using var run = new Simulation(seed, (seams, _) =>
            {
                Action<long> kill = number => _ = number == n ? throw new SimulatedCrashException($"at transaction {n}") : 0;
                if (before)
                {
                    seams.BeforeCommit = kill;
                }
                else
                {
                    seams.AfterCommit = kill;
                }
            });
            await CheckAsync(run, $"killed {(before ? "before" : "after")} transaction {n}, seed {seed}");
            if (run.Lives == 1)
            {
                break;
            }

            points++;
        }

        output.WriteLine($"{points} points");
        points.Should().BeGreaterThan(35);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refused_at_every_transaction_in_turn_the_run_ends_the_same(bool before)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var struck = true;
        for (long n = 2; struck; n++)
        {
            struck = false;
            using var run = new Simulation(seed, (seams, _) =>
            {
                Action<long> refuse = number =>
                {
                    if (number == n)
                    {
                        struck = true;
                        throw new IOException($"Transaction {n} is refused.");
                    }
                };
                if (before)
                {
                    seams.BeforeCommit = refuse;
                }
                else
                {
                    seams.AfterCommit = refuse;
                }
            });
            await CheckAsync(run, $"refused {(before ? "before" : "after")} transaction {n}, seed {seed}");
        }
    }

    [Fact]
    public async Task Under_many_faults_in_any_order_the_run_ends_the_same()
    {
        var first = Random.Shared.Next();
        output.WriteLine($"seeds {first} to {first + 39}");
        for (var seed = first; seed < first + 40; seed++)
        {
            var random = new Random(seed);
            using var run = new Simulation(seed, (seams, _) =>
            {
                seams.BeforeCommit = n => _ = n > 1 && random.NextDouble() < 0.05 ? throw new IOException("refused") : 0;
                seams.AfterCommit = n => _ = n > 1 && random.NextDouble() < 0.05 ? throw new IOException("in doubt") : 0;
            })
            {
                MaxCached = seed % 3,
            };
            await CheckAsync(run, $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_seeded_order_repeats()
    {
        using var first = new Simulation(4711, (_, _) => { });
        using var second = new Simulation(4711, (_, _) => { });

        await first.RunAsync();
        await second.RunAsync();

        second.Order.Should().Equal(first.Order);
        using var other = new Simulation(4712, (_, _) => { });
        await other.RunAsync();
        other.Order.Should().NotEqual(first.Order);
    }

    private static async Task CheckAsync(Simulation run, string which)
    {
        var result = await run.RunAsync();
        result.Should().Be((Simulation.Expected, "done"), which);
        run.Ran.Keys.Should().BeEquivalentTo(Simulation.Activities, which);
    }
}
