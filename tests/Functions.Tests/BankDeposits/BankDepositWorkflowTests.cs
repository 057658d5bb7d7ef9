using DurableTask.Testing;
using Microsoft.DurableTask;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.BankDeposits;

/// <summary>One event about bank money: OMS is asked until the deposit is final, and not for ever.</summary>
public sealed class BankDepositWorkflowTests
{
    private static readonly DepositHint Hint = new("txn_1", "cst_1", DateTimeOffset.UnixEpoch, Converts: false);

    private readonly Queue<Func<OmsAnswer<DepositLook>>> _answers = new();
    private int _looks;

    [Fact]
    public async Task A_final_deposit_takes_one_look()
    {
        var (look, _) = await RunAsync(() => new DepositLook(true));

        look.IsFinal.Should().BeTrue();
        _looks.Should().Be(1);
    }

    [Fact]
    public async Task It_is_looked_at_again_while_it_is_under_way_OMS_is_silent_or_this_app_fails()
    {
        var (look, took) = await RunAsync(
            () => new DepositLook(false),
            () => new(null, null, new OmsSilence(OmsCause.RateLimited, TimeSpan.FromMinutes(10), "GET /transactions/{id}", 429, null)),
            () => throw new InvalidOperationException("A fault of the app's own."),
            () => throw new InvalidOperationException("A fault of the app's own."),
            () => throw new InvalidOperationException("A fault of the app's own."),
            () => new DepositLook(true));

        look.IsFinal.Should().BeTrue();
        took.Should().BeGreaterThan(TimeSpan.FromMinutes(10), "OMS asked for it").And.BeLessThan(TimeSpan.FromMinutes(11));
    }

    [Fact]
    public async Task After_hours_it_is_left_to_the_reconciliation()
    {
        var (look, took) = await RunAsync(() => new DepositLook(false));

        look.IsFinal.Should().BeFalse();
        took.Should().BeGreaterThan(TimeSpan.FromHours(5)).And.BeLessThan(TimeSpan.FromHours(7));
        _looks.Should().BeLessThan(20);
    }

    /// <summary>Answers in turn; the last one again and again.</summary>
    private async Task<(DepositLook Look, TimeSpan Took)> RunAsync(params Func<OmsAnswer<DepositLook>>[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
        await using var host = await DurableTaskTestHost.StartAsync(registry => registry
            .AddFunctions(typeof(BankDepositWorkflow))
            .AddActivityFunc<DepositHint, OmsAnswer<DepositLook>>(nameof(BankDepositActivities.LookAtDeposit), (_, _) => Next()));
        var begun = host.Clock.GetUtcNow();
        using var patience = new CancellationTokenSource(Limits.Wait);
        await host.Client.ScheduleNewOrchestrationInstanceAsync(
            BankDepositWorkflow.Name, Hint, new StartOrchestrationOptions("bd-1"), patience.Token);
        var ended = await host.Client.WaitForInstanceCompletionAsync("bd-1", getInputsAndOutputs: true, patience.Token);
        return (ended.ReadOutputAs<DepositLook>()!, host.Clock.GetUtcNow() - begun);
    }

    private OmsAnswer<DepositLook> Next()
    {
        _looks++;
        return (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek())();
    }
}
