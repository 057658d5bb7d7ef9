using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd.AppHost;

/// <summary>The system as local/AppHost describes it, under Aspire, without its demonstration.</summary>
public sealed class ModelTests(ModelTests.System system) : IClassFixture<ModelTests.System>
{
    /// <summary>Azurite, the sandbox and the app as resources.</summary>
    public sealed class System : IAsyncLifetime
    {
        private DistributedApplication? _app;

        internal DistributedApplication App => _app ?? throw new InvalidOperationException("The system has not started.");

        internal AppApi OpenApp()
        {
            var run = App.Services.GetRequiredService<Run>();
            return new AppApi(App.GetEndpoint("app", "http").ToString(), run.Keys.Function);
        }

        public async ValueTask InitializeAsync()
        {
            using var limit = new CancellationTokenSource(Limits.Wait);
            var builder = await DistributedApplicationTestingBuilder.CreateAsync<Run>(
                ["--no-demo", "--json", "--code-lifetime", "600"], limit.Token);
            _app = await builder.BuildAsync(limit.Token);
            await _app.StartAsync(limit.Token);
            await _app.ResourceNotifications.WaitForResourceHealthyAsync("app", limit.Token);
        }

        public async ValueTask DisposeAsync()
        {
            if (_app is not null)
                await _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task Cash_in_is_booked_when_the_command_of_the_dashboard_hands_over_cash()
    {
        using var app = system.OpenApp();
        var started = await app.StartCashInAsync(Story.CashIn($"user-{Guid.NewGuid():N}"), $"{Guid.NewGuid():N}", default);
        await UntilAsync(app, started.Id, "AwaitingDeposit");

        var handedOver = await CommandAsync("hand-over-cash");

        handedOver.Success.Should().BeTrue(handedOver.Message);
        LocalMachine.ShouldBeBooked(await UntilAsync(app, started.Id, "Completed"));
    }

    [Fact]
    public async Task Code_runs_out_when_the_command_of_the_dashboard_moves_the_clock()
    {
        using var app = system.OpenApp();
        var started = await app.StartCashInAsync(Story.CashIn($"user-{Guid.NewGuid():N}"), $"{Guid.NewGuid():N}", default);
        await UntilAsync(app, started.Id, "AwaitingDeposit");

        (await CommandAsync("move-the-clock")).Success.Should().BeTrue();

        await UntilAsync(app, started.Id, journey => journey.Deposit is { Round: > 0 });
    }

    [Fact]
    public async Task Webhook_that_a_command_of_the_dashboard_breaks_is_sent_again()
    {
        (await CommandAsync("break-next-webhook")).Success.Should().BeTrue();
        using var app = system.OpenApp();
        var started = await app.StartCashInAsync(Story.CashIn($"user-{Guid.NewGuid():N}"), $"{Guid.NewGuid():N}", default);

        await UntilAsync(app, started.Id, "AwaitingDeposit");

        using var sandbox = system.App.CreateHttpClient("oms");
        var faults = await sandbox.GetStringAsync(new Uri("/_sim/faults", UriKind.Relative));
        faults.Should().Contain("badSignature").And.Contain("\"struck\":1");
    }

    private Task<ExecuteCommandResult> CommandAsync(string name) => system.App.ResourceCommands.ExecuteCommandAsync("oms", name);

    private static Task<JourneyDocument> UntilAsync(AppApi app, string id, string phase)
        => UntilAsync(app, id, journey => journey.Phase == phase);

    private static async Task<JourneyDocument> UntilAsync(AppApi app, string id, Func<JourneyDocument, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var journey = await app.GetCashInAsync(id, limit.Token);
            if (wanted(journey))
                return journey;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
