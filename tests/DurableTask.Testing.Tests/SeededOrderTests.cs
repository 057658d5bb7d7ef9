namespace DurableTask.Testing.Tests;

public sealed class SeededOrderTests
{
    [Fact]
    public async Task The_same_seed_gives_the_same_order_and_other_seeds_give_others()
    {
        var first = await Task.WhenAll(Enumerable.Range(0, 8).Select(OrderAsync));
        var second = await Task.WhenAll(Enumerable.Range(0, 8).Select(OrderAsync));

        second.Should().Equal(first);
        first.Distinct().Should().HaveCountGreaterThan(4);
        first.Should().OnlyContain(order => order.Length == "ABCDEF".Length);
    }

    private static async Task<string> OrderAsync(int seed)
    {
        var order = new List<string>();
        await using var host = await DurableTaskTestHost.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc(
                    "Fan", context => Task.WhenAll("ABCDEF".Select(letter => context.CallActivityAsync("Note", letter.ToString()))))
                .AddActivityFunc<string>("Note", (_, letter) => order.Add(letter)),
            new() { Seed = seed });
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Fan");
        using var patience = new CancellationTokenSource(Limits.Wait);
        await host.Client.WaitForInstanceCompletionAsync(id, patience.Token);
        return string.Concat(order);
    }
}
