using System.Collections.Concurrent;
using System.Globalization;
using DurableTask.Testing;
using Microsoft.DurableTask;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>
/// OMS answers nothing for two hours in the middle of fifty journeys: thirty cash-ins of new customers, ten onboardings, ten payouts. One
/// begins every minute, the outage lasts from minute 45 to minute 165. Persons pay in before, in and after it. No webhook comes.
/// </summary>
public sealed class OutageTests
{
    private const int Journeys = 50;
    private const double OutageBegins = 45;
    private const double OutageEnds = 165;
    private const double CommandsCome = 100;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(5);
    private static readonly int[] Cancelled = [13, 18, 49];

    private readonly ConcurrentDictionary<string, FakeOms> _oms = new();
    private readonly List<(double At, Func<Task> Do)> _script = [];
    private readonly List<string> _wrong = [];
    private DateTimeOffset _start;
    private DurableTaskTestHost? _host;

    private DurableTaskTestHost Host => _host ?? throw new InvalidOperationException("The host has not started.");

    [Fact]
    public async Task Two_hours_without_OMS_lose_no_alarm_no_command_and_no_cent_of_fifty_journeys()
    {
        await using var host = _host = await DurableTaskTestHost.StartAsync(Register);
        _start = host.Clock.GetUtcNow() + (10 * Minute);
        using var patience = new CancellationTokenSource(Limits.Wait);
        for (var n = 0; n < Journeys; n++)
            await BeginAsync(n, patience.Token);
        foreach (var look in (double[])[50, 59.9, 60.2, 80, 116, 130, 160])
            _script.Add((look, LookAsync));
        foreach (var n in Cancelled)
            _script.Add((CommandsCome, () => CommandAsync(n, CommandNames.Cancel)));
        _script.Sort((one, other) => one.At.CompareTo(other.At));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Script", null, new StartOrchestrationOptions("script"), patience.Token);

        var ended = new List<JourneyStatus>();
        for (var n = 0; n < Journeys; n++)
        {
            var end = await host.Client.WaitForInstanceCompletionAsync(Id(n), getInputsAndOutputs: true, patience.Token);
            ended.Add(end.ReadOutputAs<JourneyStatus>()!);
        }

        _wrong.Should().BeEmpty();
        for (var n = 0; n < Journeys; n++)
            CheckEnd(n, ended[n]);
        ended.Sum(status => status.Settlement?.Net ?? 0).Should().Be(Numbers(IsCashIn).Sum(NetOf));
        _oms.Values.Sum(oms => oms.Ledger.Sum(settlement => settlement.Net)).Should().Be(Numbers(IsCashIn).Sum(NetOf));
    }

    private void CheckEnd(int n, JourneyStatus ended)
    {
        if (Cancelled.Contains(n))
        {
            ended.Phase.Should().Be(JourneyPhase.Cancelled, "{0} was cancelled", Id(n));
            ended.Since.Should().BeCloseTo(At(CommandsCome), Seconds, "{0} was cancelled while OMS was silent", Id(n));
            return;
        }

        ended.Phase.Should().Be(JourneyPhase.Completed, "{0} ends well: {1}", Id(n), ended.Reason);
        ended.Overdue.Should().BeFalse();
        if (IsPayout(n))
            _oms[Id(n)].Payouts.Executed.Should().ContainSingle();
        if (!IsCashIn(n))
            return;

        ended.Settlement!.Net.Should().Be(NetOf(n));
        _oms[Id(n)].Ledger.Should().ContainSingle();
        if (PaysBefore(n))
            Entered(ended, JourneyPhase.NeedsReview).Should().BeCloseTo(
                Entered(ended, JourneyPhase.AwaitingSettlement) + (60 * Minute),
                Seconds,
                "the limit of {0} came while OMS was silent",
                Id(n));
    }

    /// <summary>Whoever is silent for longer than a quarter of an hour is overdue, and nobody before.</summary>
    private async Task LookAsync()
    {
        var now = Host.Clock.GetUtcNow();
        for (var n = 0; n < Journeys; n++)
        {
            if (await Host.Client.GetInstanceAsync(Id(n), getInputsAndOutputs: true, CancellationToken.None) is not { } found
                || found.ReadCustomStatusAs<JourneyStatus>() is not { Ended: false } status)
                continue;
            if (now >= At(OutageBegins + 30) && status.Silence is null && !IsPayout(n))
                _wrong.Add($"{Id(n)} does not say at {now:T} that OMS is silent");
            if (status.Silence is { } silence && status.Overdue != (now >= silence.Since + Waits.SilenceAlarm) && !status.MoneyMayMove)
                _wrong.Add($"{Id(n)} is {(status.Overdue ? "" : "not ")}overdue at {now:T}, silent since {silence.Since:T}");
        }
    }

    private async Task BeginAsync(int n, CancellationToken cancellationToken)
    {
        var oms = new FakeOms(60 * Minute)
        {
            Clock = Host.Clock,
            Net = NetOf(n),
            Endorsement = IsCashIn(n) || IsPayout(n) ? "ACTIVE" : "PENDING",
        };
        _oms[Id(n)] = oms;
        _script.Add((OutageBegins, () => Change(() => oms.SilentUntil = At(OutageEnds))));
        _script.Add((70, () => Change(() => oms.Endorsement = "ACTIVE")));
        if (IsCashIn(n))
        {
            var paid = PaysAt(n);
            _script.Add((paid, () => PayInAsync(n, oms)));
            _script.Add((paid + 20, () => Change(oms.Settle)));
        }

        if (IsPayout(n))
            _script.Add((90, () => Change(() => oms.Payouts.Status = TransactionStatus.Completed)));
        var options = new StartOrchestrationOptions(Id(n), At(n));
        await Host.Client.ScheduleNewOrchestrationInstanceAsync(Orchestration(n), Input(n), options, cancellationToken);
    }

    private static string Orchestration(int n)
    {
        if (IsCashIn(n))
            return CashInWorkflow.Name;
        return IsPayout(n) ? PayoutWorkflow.Name : OnboardingWorkflow.Name;
    }

    private static object Input(int n)
    {
        var onboarding = new OnboardingOptions { Poll = 10 * Minute, GiveUpAfter = TimeSpan.FromDays(1) };
        if (IsPayout(n))
        {
            var order = new PayoutOrder(FakeOms.CustomerId, "wlt_1", "cpUsBank_1", "ach", 25m, null);
            var options = new PayoutOptions { Poll = 10 * Minute, Alarm = TimeSpan.FromHours(8), Limit = TimeSpan.FromHours(24) };
            return new PayoutInput(order, AutoConfirm: true, options);
        }

        if (!IsCashIn(n))
            return new OnboardingInput(onboarding);
        return new CashInInput(null, null, 100m, onboarding, new CashInOptions
        {
            MaxRefreshRounds = 3,
            GraceTime = 120 * Minute,
            DepositPoll = 15 * Minute,
            SettlementPoll = 2 * Minute,
            SettlementAlarm = 15 * Minute,
            SettlementLimit = 60 * Minute,
        });
    }

    /// <summary>Those who pay in before the outage are told of it at once.</summary>
    private Task PayInAsync(int n, FakeOms oms)
    {
        oms.PayIn();
        return PaysBefore(n)
            ? SendAsync(n, new Signal { Event = SignalEvent.TransactionProcessing, DeliveryId = $"whd-{n}" })
            : Task.CompletedTask;
    }

    private Task CommandAsync(int n, string command) => SendAsync(n, new Signal { Command = command, DeliveryId = $"cmd-{n}" });

    private Task SendAsync(int n, Signal signal) => Host.Client.RaiseEventAsync(Id(n), Signal.EventName, signal);

    private static Task Change(Action change)
    {
        change();
        return Task.CompletedTask;
    }

    private void Register(DurableTaskRegistry registry)
    {
        JourneyScenario.RegisterOrchestrators(registry);
        JourneyScenario.RegisterActivities(registry, id => _oms[id]);
        registry.AddActivityFunc<int, bool>("Act", async (_, step) =>
        {
            await _script[step].Do();
            return true;
        });
        registry.AddOrchestratorFunc<object?, int>("Script", async (context, _) =>
        {
            for (var step = 0; step < _script.Count; step++)
            {
                if (At(_script[step].At).UtcDateTime > context.CurrentUtcDateTime)
                    await context.CreateTimer(At(_script[step].At).UtcDateTime, CancellationToken.None);
                await context.CallActivityAsync("Act", step);
            }

            return _script.Count;
        });
    }

    private DateTimeOffset At(double minutes) => _start + (minutes * Minute);

    private static DateTimeOffset Entered(JourneyStatus status, JourneyPhase phase)
        => status.Passed.First(passed => passed.Phase == phase).At;

    private static string Id(int n) => "journey-" + n.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<int> Numbers(Func<int, bool> which) => Enumerable.Range(0, Journeys).Where(which);

    /// <summary>Different for each, so that no two can be taken for one another.</summary>
    private static decimal NetOf(int n) => 100.01m + (n * 1.13m);

    private static bool IsCashIn(int n) => n % 5 < 3;

    private static bool IsPayout(int n) => n % 5 == 4;

    private static bool PaysBefore(int n) => n % 3 == 0 && n < 36;

    private static double PaysAt(int n)
    {
        if (PaysBefore(n))
            return 40;
        return n % 3 == 1 && n < OutageBegins ? 50 : 190;
    }
}
