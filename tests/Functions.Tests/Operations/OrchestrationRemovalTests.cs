using DurableTask.Testing;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Operations;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Operations;

/// <summary>What is over and no journey goes after the retention of journeys, on a real engine.</summary>
public sealed class OrchestrationRemovalTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(Events.Start);
    private DurableTaskTestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await DurableTaskTestHost.StartAsync(
        tasks =>
        {
            tasks.AddOrchestratorFunc<string?, string>("Ends", (_, _) => Task.FromResult("done"));
            tasks.AddOrchestratorFunc<string?, string>("Waits", (context, _) => context.WaitForExternalEvent<string>("signal"));
            tasks.AddOrchestratorFunc<DepositHint, string>(BankDepositWorkflow.Name, (_, _) => Task.FromResult("done"));
        },
        new() { ConfigureServices = services => services.AddSingleton<TimeProvider>(_clock) });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task What_is_over_and_no_journey_goes_after_the_retention_and_not_before()
    {
        var signal = new Signal { DeliveryId = "whd_1" };
        await new DepositEvents(_clock).TakeAsync(signal, _host.Client, Token);
        var deposit = JourneyId.From("bd", "whd_1");
        await _host.Client.WaitForInstanceCompletionAsync(deposit, Token);
        await StartAsync("health-probe-gone", "Ends");
        await StartAsync("ci-journey", "Ends");
        await StartAsync("bd-running", "Waits");
        (await RemoveAsync()).Should().Be(0);

        _clock.Advance(JourneyRetentionOptions.DefaultRetention - TimeSpan.FromMinutes(1));
        await StartAsync("health-probe-young", "Ends");
        (await RemoveAsync()).Should().Be(0);
        _clock.Advance(TimeSpan.FromMinutes(2));
        (await RemoveAsync()).Should().Be(2);

        (await LeftAsync()).Should().BeEquivalentTo("bd-running", "ci-journey", "health-probe-young");
    }

    private Task<int> RemoveAsync() => new OrchestrationRemoval(
        new FixedOptions<JourneyRetentionOptions>(new()), _clock, NullLogger<OrchestrationRemoval>.Instance)
        .RemoveOldAsync(_host.Client, Token);

    private async Task<List<string>> LeftAsync()
        => await _host.Client.GetAllInstancesAsync().Select(each => each.InstanceId).ToListAsync(Token);

    private async Task StartAsync(string id, string orchestration)
    {
        await _host.Client.ScheduleNewOrchestrationInstanceAsync(orchestration, null, new StartOrchestrationOptions(id), Token);
        if (orchestration == "Ends")
            await _host.Client.WaitForInstanceCompletionAsync(id, Token);
    }
}
