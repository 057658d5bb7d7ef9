using System.Diagnostics;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DurableTask.Testing.Tests;

public sealed class TimeSkippingTests
{
    [Fact]
    public async Task A_one_hour_timer_takes_milliseconds()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<object?, DateTime[]>("expiry", async (context, _) =>
            {
                var before = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return [before, context.CurrentUtcDateTime];
            }));

        var watch = Stopwatch.StartNew();
        var end = await Run(host, "expiry");

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(30));
        var times = end.ReadOutputAs<DateTime[]>()!;
        (times[1] - times[0]).Should().BeGreaterThanOrEqualTo(TimeSpan.FromHours(1)).And.BeLessThan(TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task A_cash_in_whose_code_expires_is_refreshed_within_one_test()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("cash-in", async context =>
            {
                var paid = context.WaitForExternalEvent<string>("signal");
                for (var round = 1; ; round++)
                {
                    var code = await context.CallActivityAsync<string>("code", round);
                    using var expiry = new CancellationTokenSource();
                    var expired = context.CreateTimer(TimeSpan.FromHours(1), expiry.Token);
                    context.SetCustomStatus(code);
                    if (await Task.WhenAny(expired, paid) == paid)
                    {
                        expiry.Cancel();
                        return $"{await paid} with {code}";
                    }

                    if (round == 2)
                    {
                        context.SendEvent(context.InstanceId, "signal", "cash");
                    }
                }
            })
            .AddActivityFunc<int, string>("code", (_, round) => $"code-{round}"));

        var end = await Run(host, "cash-in");

        end.ReadOutputAs<string>().Should().Be("cash with code-3");
    }

    [Theory]
    [InlineData(30 * 60_000)]
    [InlineData(1_000)]
    [InlineData(1)]
    public async Task With_a_clock_of_its_own_a_test_moves_time_by_hand_and_no_timer_fires_early(int millisecondsBefore)
    {
        var before = TimeSpan.FromMilliseconds(millisecondsBefore);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await DurableTaskTestHost.StartAsync(
            tasks => tasks.AddOrchestratorFunc<object?, string>("wait", async (context, _) =>
            {
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return "done";
            }).AddOrchestratorFunc<int, int>("other", (_, n) => n),
            new DurableTaskTestHostOptions { ConfigureServices = services => services.AddSingleton<TimeProvider>(clock) });
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("wait");
        await host.Client.WaitForInstanceStartAsync(id);

        clock.Advance(TimeSpan.FromHours(1) - before);
        await Run(host, "other");
        var early = await host.Client.GetInstanceAsync(id);
        clock.Advance(before);
        using var patience = new CancellationTokenSource(Limits.Wait);
        var end = await host.Client.WaitForInstanceCompletionAsync(id, true, patience.Token);

        early!.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Running);
        end.ReadOutputAs<string>().Should().Be("done");
        end.LastUpdatedAt.Should().Be(new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Time_stands_still_while_anything_is_under_way_however_close_the_next_timer_is()
    {
        TimeProvider? clock = null;
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<object?, TimeSpan[]>("many", async (context, _) =>
            {
                var start = context.CurrentUtcDateTime.AddHours(1);
                var all = await Task.WhenAll(
                    Enumerable.Range(0, 40).Select(n => context.CallSubOrchestratorAsync<TimeSpan[]>("one", start.AddMilliseconds(n))));
                return [.. all.SelectMany(late => late)];
            })
            .AddOrchestratorFunc<DateTime, TimeSpan[]>("one", async (context, first) =>
            {
                var late = new List<TimeSpan>();
                for (var n = 0; n < 10; n++)
                {
                    var due = first.AddMilliseconds(40 * n);
                    await context.CreateTimer(due, CancellationToken.None);
                    late.Add(await context.CallActivityAsync<DateTime>("look") - due);
                }

                return [.. late];
            })
            .AddActivityFunc<object?, DateTime>("look", async (context, _) =>
            {
                await Task.Yield();
                return clock!.GetUtcNow().UtcDateTime;
            }));
        clock = host.Clock;

        var end = await Run(host, "many");

        end.ReadOutputAs<TimeSpan[]>().Should().HaveCount(400).And.OnlyContain(late => late == TimeSpan.Zero);
    }

    [Fact]
    public async Task A_wait_that_is_over_skips_no_time()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc<object?, string>("long", async (context, _) =>
            {
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return "done";
            })
            .AddOrchestratorFunc<object?, string>("short", (_, _) => "done"));
        var begin = host.Clock.GetUtcNow();
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("long");
        using var patience = new CancellationTokenSource(Limits.Wait);
        await host.Client.WaitForInstanceStartAsync(id, patience.Token);
        var ended = await Run(host, "short");
        await host.Client.WaitForInstanceCompletionAsync(ended.InstanceId, patience.Token);

        var other = await host.Client.GetInstanceAsync(id, patience.Token);

        other!.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Running);
        host.Clock.GetUtcNow().Should().BeBefore(begin.AddHours(1));
    }

    private static async Task<OrchestrationMetadata> Run(DurableTaskTestHost host, string name)
    {
        using var patience = new CancellationTokenSource(Limits.Wait);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync(name);
        return await host.Client.WaitForInstanceCompletionAsync(id, true, patience.Token);
    }
}
