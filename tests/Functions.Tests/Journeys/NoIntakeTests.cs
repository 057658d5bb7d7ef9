using DurableTask.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Payouts;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>Whoever starts an orchestration past the app, through the management API, gets nothing done by it.</summary>
public sealed class NoIntakeTests(Azurite azurite)
{
    [Theory]
    [InlineData(OnboardingWorkflow.Name)]
    [InlineData(CashInWorkflow.Name)]
    [InlineData(PayoutWorkflow.Name)]
    public async Task Orchestration_without_an_intake_ends_at_once_and_asks_OMS_for_nothing(string orchestration)
    {
        await using var oms = await OmsHarness.StartAsync();
        var tables = await azurite.TablesAsync();
        await using var host = await DurableTaskTestHost.StartAsync(Register, new() { ConfigureServices = Configure });

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync(orchestration, Input(orchestration));
        using var patience = new CancellationTokenSource(Limits.Wait);
        var ended = await host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);

        var status = ended.ReadOutputAs<JourneyStatus>()!;
        status.Phase.Should().Be(JourneyPhase.Failed);
        status.Reason!.Code.Should().Be("no_intake");
        status.Since.Should().BeCloseTo(status.Passed[0].At, TimeSpan.FromSeconds(10));
        oms.Stub.Calls.Should().BeEmpty();

        void Configure(IServiceCollection services)
        {
            services.AddLogging();
            services.AddSingleton(tables);
            services.AddSingleton(oms.Client);
            services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
            services.AddSingleton<Intakes>();
            services.AddSingleton<Inbox>();
            services.AddSingleton<CashInStores>();
            services.AddSingleton<Leases>();
            services.AddSingleton<SettlementLedger>();
        }
    }

    private static object Input(string orchestration) => orchestration switch
    {
        OnboardingWorkflow.Name => new OnboardingInput(new()),
        CashInWorkflow.Name => new CashInInput("cst_1", "wlt_1", 100m, new(), new()),
        _ => new PayoutInput(new("cst_1", "wlt_1", "cpUsBank_1", "ach", 25m, null), AutoConfirm: true, new()),
    };

    private static void Register(DurableTaskRegistry tasks)
    {
        foreach (var type in (Type[])[
            typeof(OnboardingWorkflow), typeof(CashInWorkflow), typeof(PayoutWorkflow), typeof(OnboardingActivities),
            typeof(CashInActivities), typeof(PayoutActivities), typeof(JourneyActivities)])
        {
            tasks.AddFunctions(type);
        }
    }
}
