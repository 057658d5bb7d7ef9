using DurableTask.Testing;
using Microsoft.AspNetCore.DataProtection;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Notifications;

/// <summary>
/// The process dies at every commit of a journey that tells, before it and after it: the receiver gets every milestone, in order, each
/// under one id.
/// </summary>
public sealed class JourneyCrashTests(ITestOutputHelper output)
{
    private static readonly string[] Milestones =
        ["cashIn.customerCreated", "cashIn.codeIssued", "cashIn.codeRefreshed", "cashIn.cashTaken", "cashIn.completed"];

    [Fact]
    public async Task A_process_that_dies_at_any_commit_tells_everything_in_order()
    {
        var (commits, deaths) = await RunAsync(null);
        for (var number = 1L; number <= commits; number++)
            foreach (var isDone in (bool[])[false, true])
                deaths += (await RunAsync(new CommitPoint(number, isDone))).Deaths;

        output.WriteLine($"{deaths} deaths at {commits} commits");
        deaths.Should().BeGreaterThan((int)commits);
    }

    /// <summary>Answers how many commits the journey took, and whether the process died.</summary>
    private static async Task<(long Commits, int Deaths)> RunAsync(CommitPoint? death)
    {
        using var ground = new NotificationGround();
        var intakes = new Intakes(ground.Tables, new EphemeralDataProtectionProvider());
        var intake = new Intake { InstanceId = "journey", Orchestration = CashInWorkflow.Name, Input = "{}", ReceivedAt = Events.Start };
        await intakes.AddAsync(intake, CancellationToken.None);
        var activities = new MilestoneActivities(ground.Outbox, intakes, [new(CashInWorkflow.Name, "ci", "/api/cash-ins")]);
        var scenario = new JourneyScenario { Told = [], DiesAt = death };
        scenario.Teller = told => activities.TellMilestones(told, CancellationToken.None);

        var ended = await scenario
            .At(70, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(72, oms => oms.Settle(), SignalEvent.TransactionCompleted)
            .RunCashInAsync();
        await ground.PassAsync(TimeSpan.FromSeconds(10));

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ground.Receiver.Took.Select(told => told.Type).Should().Equal(Milestones, "the process died at {0}", death);
        ground.Receiver.Took.Select(told => told.Id).Should().OnlyHaveUniqueItems();
        return (scenario.Commits, death is not null && scenario.DiesAt is null ? 1 : 0);
    }
}
