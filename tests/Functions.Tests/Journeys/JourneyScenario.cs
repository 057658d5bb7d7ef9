using System.Text;
using DurableTask.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>
/// Runs a real orchestrator on the published engine with <see cref="FakeOms"/> behind it, and a script of what happens outside, at which
/// minute. The clock skips, so an hour takes milliseconds.
/// </summary>
/// <remarks>The script is an orchestration too, so its steps come in the order of the durable clock.</remarks>
internal sealed class JourneyScenario
{
    public const int CodeLifetime = 60;

    private List<(double At, Action<FakeOms>? Change, Signal? Signal)> _script = [];
    private int _signals;
    private Func<Task<JourneyStatus>>? _now;

    public FakeOms Oms { get; private set; } = null!;

    /// <summary>Milestones that were told, in order; asked for before the run.</summary>
    public List<(string Type, JourneyStatus Status)>? Told { get; set; }

    /// <summary>Tells in place of keeping what was told.</summary>
    public Func<MilestonesToTell, Task>? Teller { get; set; }

    /// <summary>Where the process dies, once; then it is started again.</summary>
    public CommitPoint? DiesAt { get; set; }

    /// <summary>How many commits the run took.</summary>
    public long Commits { get; private set; }

    /// <summary>How often telling fails.</summary>
    public int FailingToTell { get; set; }

    /// <summary>Called with the ended journey's host and instance.</summary>
    public Func<DurableTaskClient, OrchestrationMetadata, Task>? Afterwards { get; set; }

    /// <summary>
    /// The most events, and the most bytes, that the journey's history had after any commit; measured if asked for before the run.
    /// </summary>
    public (int Events, int Bytes)? LargestHistory { get; set; }

    /// <summary>At a time, changes what OMS says; no webhook tells.</summary>
    public JourneyScenario At(double units, Action<FakeOms> change)
    {
        _script.Add((units, change, null));
        return this;
    }

    /// <summary>At a time, looks at what the journey says of itself.</summary>
    public JourneyScenario Seeing(double units, Action<JourneyStatus> look)
    {
        _script.Add((units, _ => look(_now!().GetAwaiter().GetResult()), null));
        return this;
    }

    /// <summary>At a time, puts a command into the mailbox.</summary>
    public JourneyScenario At(double units, string command, string? argument = null)
    {
        _script.Add((units, null, new Signal { Command = command, DeliveryId = $"cmd-{_signals++}", Argument = argument }));
        return this;
    }

    /// <summary>At a time, changes what OMS says, and a webhook tells.</summary>
    public JourneyScenario At(double units, Action<FakeOms>? change, SignalEvent signal, string? deliveryId = null)
    {
        _script.Add((units, change, new Signal { Event = signal, DeliveryId = deliveryId ?? $"whd-{_signals++}" }));
        return this;
    }

    public Task<JourneyStatus> RunCashInAsync(
        Action<FakeOms>? prepare = null, string? customerId = null, int maxRounds = 1, double poll = 15, CashInOptions? options = null)
        => RunAsync(CashInWorkflow.Name, prepare, unit => new CashInInput(
            customerId,
            null,
            100m,
            new OnboardingOptions { Poll = 10 * unit, GiveUpAfter = 300 * unit },
            options ?? new()
            {
                MaxRefreshRounds = maxRounds,
                GraceTime = 120 * unit,
                DepositPoll = poll * unit,
                SettlementPoll = 2 * unit,
                SettlementAlarm = 15 * unit,
                SettlementLimit = 60 * unit,
            })
        {
            Tells = Told is not null,
        });

    public Task<JourneyStatus> RunOnboardingAsync(Action<FakeOms>? prepare = null, OnboardingOptions? options = null)
        => RunAsync(OnboardingWorkflow.Name, prepare, unit
            => new OnboardingInput(options ?? new() { Poll = 10 * unit, GiveUpAfter = 300 * unit }) { Tells = Told is not null });

    public Task<JourneyStatus> RunPayoutAsync(
        Action<FakeOms>? prepare = null, bool autoConfirm = false, int maxQuoteRounds = 3, PayoutOptions? options = null,
        PayoutOrder? order = null, TimeSpan? returnWindow = null)
        => RunAsync(PayoutWorkflow.Name, prepare, unit => new PayoutInput(
            order ?? new PayoutOrder(FakeOms.CustomerId, "wlt_1", "cpUsBank_1", "ach", 25m, null),
            autoConfirm,
            options ?? new() { MaxQuoteRounds = maxQuoteRounds, Poll = 10 * unit, Alarm = 60 * unit, Limit = 120 * unit })
        {
            Tells = Told is not null,
            ReturnWindow = returnWindow,
        });

    public IReadOnlyList<string> Calls => Oms.Calls;

    private async Task<JourneyStatus> RunAsync(string orchestration, Action<FakeOms>? prepare, Func<TimeSpan, object> input)
    {
        DurableTaskTestHost? host = null;
        await using var started = host = await DurableTaskTestHost.StartAsync(
            Register, new() { OnCommit = commit => Commit(host, commit) });
        var unit = TimeSpan.FromMinutes(1);
        Oms = new FakeOms(CodeLifetime * unit) { Clock = host.Clock };
        prepare?.Invoke(Oms);

        // A script runs in the order of its times, in whatever order it was written.
        _script = [.. _script.OrderBy(step => step.At)];
        const string id = "journey";
        _now = async () => (await host.Client.GetInstanceAsync(id, getInputsAndOutputs: true))!.ReadCustomStatusAs<JourneyStatus>()!;
        using var patience = new CancellationTokenSource(Limits.Wait);
        OrchestrationMetadata? ended = null;
        while (ended is null)
        {
            try
            {
                if (_script.Count > 0)
                    await ScheduleAsync(host.Client, "Script", unit, "script", patience.Token);
                await ScheduleAsync(host.Client, orchestration, input(unit), id, patience.Token);
                ended = await host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);
            }
            catch (ProcessDiedException)
            {
                await host.RestartAsync();
            }
        }

        Commits = host.Commits;
        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed, "the journey ended with {0}", ended.FailureDetails);
        var status = ended.ReadOutputAs<JourneyStatus>()!;
        status.Ended.Should().BeTrue();
        ended.ReadCustomStatusAs<JourneyStatus>()!.Phase.Should().Be(status.Phase);
        Oms.Calls[^1].Should().Be(
            status.Settlement is null ? nameof(JourneyActivities.CloseJourney) : nameof(CashInActivities.BookAndCloseIfSettled));
        if (Afterwards is not null)
            await Afterwards(host.Client, ended);
        return status;
    }

    private static async Task ScheduleAsync(
        DurableTaskClient client, string orchestration, object input, string id, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(id, cancellationToken) is null)
            await client.ScheduleNewOrchestrationInstanceAsync(
                orchestration, input, new StartOrchestrationOptions(id), cancellationToken);
    }

    private void Commit(DurableTaskTestHost? host, CommitPoint commit)
    {
        if (commit == DiesAt)
        {
            DiesAt = null;
            throw new ProcessDiedException();
        }

        MeasureHistory(host, commit);
    }

    private void MeasureHistory(DurableTaskTestHost? host, CommitPoint commit)
    {
        if (LargestHistory is not { } largest || host is null || !commit.IsDone)
            return;
        var recorded = RecordedHistory.OfAsync(host.Client, "journey");
        if (recorded.IsFaulted)
            return;
        var history = recorded.Result;
        LargestHistory = (
            Math.Max(largest.Events, history.Events.Count), Math.Max(largest.Bytes, Encoding.UTF8.GetByteCount(history.Write())));
    }

    /// <summary>The journeys' orchestrators.</summary>
    public static void RegisterOrchestrators(DurableTaskRegistry registry)
        => registry.AddFunctions(typeof(CashInWorkflow)).AddFunctions(typeof(OnboardingWorkflow)).AddFunctions(typeof(PayoutWorkflow));

    private void Register(DurableTaskRegistry registry)
    {
        RegisterOrchestrators(registry);
        RegisterActivities(registry, _ => Oms);
        registry.AddActivityFunc<MilestonesToTell>(nameof(MilestoneActivities.TellMilestones), (_, told) => TellAsync(told));
        registry.AddActivityFunc<int>("Change", (_, step) => _script[step].Change?.Invoke(Oms));
        registry.AddOrchestratorFunc<TimeSpan, int>("Script", RunScriptAsync);
    }

    private async Task TellAsync(MilestonesToTell told)
    {
        if (Teller is not null)
        {
            await Teller(told);
            return;
        }

        if (FailingToTell-- > 0)
            throw new InvalidOperationException("The tables do not answer.");
        told.Milestones.Select(milestone => milestone.Sequence).Should().Equal(
            Enumerable.Range(Told!.Count + 1, told.Milestones.Count).Select(number => (long)number), "each has the next place");
        Told.AddRange(told.Milestones.Select(milestone => (milestone.Type, told.Status)));
    }

    /// <summary>The journeys' activities, each on the OMS that its journey sees.</summary>
    public static void RegisterActivities(DurableTaskRegistry registry, Func<string, FakeOms> of)
    {
        registry.AddActivityFunc<string, OmsAnswer<CustomerSnapshot>>(
            nameof(OnboardingActivities.CreateCustomer), (context, _) => of(context.InstanceId).CreateCustomer());
        registry.AddActivityFunc<CustomerOfJourney, OmsAnswer<CustomerSnapshot>>(
            nameof(OnboardingActivities.ReadCustomer), (context, _) => of(context.InstanceId).ReadCustomer());
        registry.AddActivityFunc<CustomerOfJourney, OmsAnswer<CustomerSnapshot>>(
            nameof(OnboardingActivities.UpdateCustomer), (context, _) => of(context.InstanceId).UpdateCustomer());
        registry.AddActivityFunc<CustomerOfJourney, OmsAnswer<WalletState>>(
            nameof(OnboardingActivities.ProvisionWallet), (context, _) => of(context.InstanceId).ProvisionWallet());
        registry.AddActivityFunc<CreateCashInRequest, OmsAnswer<CashInSnapshot>>(
            nameof(CashInActivities.CreateCashIn), (context, _) => of(context.InstanceId).CreateCashIn());
        registry.AddActivityFunc<RefreshCashInRequest, OmsAnswer<CashInSnapshot>>(
            nameof(CashInActivities.RefreshCashIn), (context, request) => of(context.InstanceId).RefreshCashIn(request));
        registry.AddActivityFunc<CashInOfJourney, OmsAnswer<CashInSnapshot>>(
            nameof(CashInActivities.BookAndCloseIfSettled), (context, _) => of(context.InstanceId).BookAndCloseIfSettled());
        registry.AddActivityFunc<CreateQuoteRequest, OmsAnswer<QuoteState>>(
            nameof(PayoutActivities.CreateQuote),
            (context, request) => of(context.InstanceId).AnswerAsync(
                $"{nameof(PayoutActivities.CreateQuote)}:{request.Round}", () => of(context.InstanceId).Payouts.CreateQuote(request)));
        registry.AddActivityFunc<ExecutePayoutRequest, OmsAnswer<PayoutSnapshot>>(
            nameof(PayoutActivities.ExecutePayout),
            (context, request) => of(context.InstanceId).AnswerAsync(
                $"{nameof(PayoutActivities.ExecutePayout)}:{request.QuoteId}", () => of(context.InstanceId).Payouts.Execute(request)));
        registry.AddActivityFunc<PayoutOfJourney, OmsAnswer<PayoutSnapshot>>(
            nameof(PayoutActivities.ReadPayout),
            (context, _) => of(context.InstanceId).AnswerAsync<PayoutSnapshot>(
                nameof(PayoutActivities.ReadPayout), () => of(context.InstanceId).Payouts.Read()));
        registry.AddActivityFunc<CloseRequest>(nameof(JourneyActivities.CloseJourney), (context, _) => of(context.InstanceId).Close());
    }

    private async Task<int> RunScriptAsync(TaskOrchestrationContext context, TimeSpan unit)
    {
        var start = context.CurrentUtcDateTime;
        for (var step = 0; step < _script.Count; step++)
        {
            await context.CreateTimer(start + (_script[step].At * unit), CancellationToken.None);
            await context.CallActivityAsync("Change", step);
            if (_script[step].Signal is { } signal)
                context.SendEvent("journey", Signal.EventName, signal);
        }

        return _script.Count;
    }
}
