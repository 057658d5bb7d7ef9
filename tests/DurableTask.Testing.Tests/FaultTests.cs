namespace DurableTask.Testing.Tests;

/// <summary>A process that dies at any commit, and a store that refuses one, change nothing about the end.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const string Result = "100 booked, receipt for code 2";

    [Fact]
    public async Task A_process_that_dies_before_or_after_any_commit_goes_on_to_the_same_end()
    {
        var commits = await CountCommitsAsync();
        var places = 0;
        for (var number = 1L; number <= commits; number++)
        {
            foreach (var isDone in (bool[])[false, true])
            {
                var (result, effects, deaths) = await RunAsync(
                    commit => commit == new CommitPoint(number, isDone), new ProcessDiedException());

                deaths.Should().BeLessThanOrEqualTo(1);
                places += deaths;
                result.Should().Be(Result, "the process died {0} commit {1}", isDone ? "after" : "before", number);
                effects.Done.Keys.Should().BeEquivalentTo("code 1", "code 2", "receipt for code 2", "booking");
                effects.Done.Values.Should().OnlyContain(
                    times => times <= 2, "an activity is repeated only by the death that hid its result");
                effects.Done.Values.Sum().Should().BeLessThanOrEqualTo(effects.Done.Count + 3);
            }
        }

        output.WriteLine($"{places} deaths at {commits} commits");
        places.Should().BeGreaterThan((int)commits);
    }

    [Fact]
    public async Task A_commit_that_the_store_refuses_or_leaves_in_doubt_is_made_good()
    {
        var commits = await CountCommitsAsync();
        for (var number = 1L; number <= commits; number++)
        {
            foreach (var isDone in (bool[])[false, true])
            {
                var (result, _, _) = await RunAsync(
                    commit => commit == new CommitPoint(number, isDone), new IOException("The disk is full."));

                result.Should().Be(Result, "the store failed {0} commit {1}", isDone ? "after" : "before", number);
            }
        }
    }

    [Fact]
    public async Task The_client_of_a_process_that_died_says_so_until_it_is_started_again()
    {
        await using var host = await Deposits.StartAsync(new Effects(), new() { OnCommit = commit => DieAt(commit, 4) });

        await FluentActions.Awaiting(() => Deposits.RunAsync(host)).Should().ThrowAsync<ProcessDiedException>();
        await host.Died.WaitAsync(Limits.Wait);
        await FluentActions.Awaiting(() => host.Client.RaiseEventAsync(Deposits.Id, "paid", 1m))
            .Should().ThrowAsync<ProcessDiedException>();

        await host.RestartAsync();
        (await Deposits.RunAsync(host)).Should().Be(Result);

        static void DieAt(CommitPoint commit, long number)
        {
            if (commit == new CommitPoint(number, IsDone: true))
                throw new ProcessDiedException();
        }
    }

    private static async Task<long> CountCommitsAsync()
    {
        await using var host = await Deposits.StartAsync(new Effects(), new() { Seed = 1 });
        (await Deposits.RunAsync(host)).Should().Be(Result);
        return host.Commits;
    }

    private static async Task<(string Result, Effects Effects, int Deaths)> RunAsync(Func<CommitPoint, bool> isHere, Exception harm)
    {
        var effects = new Effects();
        await using var host = await Deposits.StartAsync(effects, new()
        {
            Seed = 1,
            OnCommit = commit =>
            {
                if (isHere(commit))
                    throw harm;
            },
        });
        for (var deaths = 0; ; deaths++)
        {
            try
            {
                return (await Deposits.RunAsync(host), effects, deaths);
            }
            catch (ProcessDiedException)
            {
                await host.RestartAsync();
            }
            catch (IOException)
            {
                // The client's own call was refused: it asks again.
            }
        }
    }
}
