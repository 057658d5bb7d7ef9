using System.Collections.Concurrent;
using System.Text.Json;
using DurableTask.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>
/// Runs many schedules side by side on one engine whose clock skips: the real orchestrator, activities, OMS client, receiver, inbox and
/// ledger; only the far ends of OMS and of the table store are in memory.
/// </summary>
internal sealed class Explorer : IAsyncDisposable
{
    public static readonly CashInOptions Options = new()
    {
        MaxRefreshRounds = 1,
        GraceTime = TimeSpan.FromMinutes(120),
        DepositPoll = TimeSpan.FromMinutes(25),
        SettlementPoll = TimeSpan.FromMinutes(10),
        SettlementAlarm = TimeSpan.FromMinutes(15),
        SettlementLimit = TimeSpan.FromMinutes(60),
    };

    private const string TakeStep = nameof(TakeStep);

    private readonly ConcurrentDictionary<int, Case> _cases = new();
    private readonly InMemoryTables _memory = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
    private readonly DurableTaskTestHost _host;
    private readonly TimeProvider _clock;
    private readonly Postman _postman;
    private readonly ExplorerOms _oms;
    private readonly InboxSweep _sweep;
    private readonly Reconciliation _reconciliation;
    private readonly Intakes _intakes;
    private readonly SettlementLedger _ledger;
    private readonly DepositsHeard _heard = new();

    private Explorer(DurableTaskTestHost host, Late late, PlantedBug planted)
    {
        _host = host;
        _clock = host.Clock;
        var tables = _memory.Open();
        _oms = new ExplorerOms(_cases, planted) { NoAnswer = LookAsync };
        var client = new OmsClient(
            new HttpClient(new IdempotencyKeyHandler { InnerHandler = _oms }) { BaseAddress = new Uri("https://oms.example/") },
            new OmsCalls(NullLogger<OmsCalls>.Instance, _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), _clock));
        var options = new FixedOptions<WebhookOptions>(new WebhookOptions { CurrentSecret = Postman.Secret });
        var metrics = _services.GetRequiredService<AppMetrics>();
        var inbox = new Inbox(tables, _clock, NullLogger<Inbox>.Instance, new DepositEvents(_clock));
        _intakes = new Intakes(tables, new EphemeralDataProtectionProvider());
        _ledger = new SettlementLedger(tables, _clock, NullLogger<SettlementLedger>.Instance);
        var watch = Watching.For(client, _ledger, _heard);
        _sweep = new InboxSweep(
            inbox, watch, _ledger, options, new FixedOptions<LedgerOptions>(new()), _clock, metrics,
            NullLogger<InboxSweep>.Instance);
        var open = new OpenTransactions(tables, watch, _clock, NullLogger<OpenTransactions>.Instance);

        // At the end of a story nothing is in flight any more.
        var atOnce = new FixedOptions<LedgerOptions>(new() { SettleWithin = TimeSpan.Zero });
        _reconciliation = new Reconciliation(client, _ledger, watch, open, atOnce, _clock, NullLogger<Reconciliation>.Instance);
        _postman = new Postman(
            new WebhookReceiver(
                inbox, options, new SecretsAtHand(), _clock, metrics, NullLogger<WebhookReceiver>.Instance), host.Client, _clock);
        _oms.CashInMade = _postman.BringFirstAsync;
        _memory.Failing = Failing;
        late.Activities = new Activities(
            _cases,
            new CashInActivities(client, _intakes, new CashInStores(client, _intakes, _clock), inbox, _ledger, _clock),
            new OnboardingActivities(client, _intakes, inbox, new Leases(tables, _clock)),
            new JourneyActivities(inbox, _intakes),
            new BankDepositActivities(client, Watching.Book(client, _ledger, _heard)),
            (of, answer) => planted.BookAsync(_ledger, of, answer));
        late.Explorer = this;
    }

    public static async Task<Explorer> StartAsync(PlantedBug? planted = null)
    {
        var late = new Late { Planted = planted ?? PlantedBug.None };
        return new Explorer(await DurableTaskTestHost.StartAsync(late.Register), late, late.Planted);
    }

    /// <summary>Runs the schedules and answers what went wrong.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(IEnumerable<(int Number, Schedule Schedule)> schedules)
    {
        var batch = schedules.Select(each => new Case(each.Number, each.Schedule, _clock)).ToList();
        foreach (var each in batch)
        {
            await _intakes.AddAsync(Intake(each), CancellationToken.None);
            _cases[each.Number] = each;
        }

        // All begin at the same moment, so that what is due at the same time is done in one go.
        var begin = _clock.GetUtcNow().UtcDateTime.Date.AddDays(2);
        foreach (var each in batch)
            await _host.Client.ScheduleNewOrchestrationInstanceAsync(
                nameof(Story), new Opening(each.Number, begin), new StartOrchestrationOptions(StoryId(each)));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        foreach (var each in batch)
            await _host.Client.WaitForInstanceCompletionAsync(StoryId(each), patience.Token);

        // What a deployment runs every minute and every hour; by then everything works again.
        batch.ForEach(each => each.Mend());
        await _sweep.RunAsync(_host.Client, CancellationToken.None);
        var now = _clock.GetUtcNow();
        var report = await _reconciliation.RunAsync(now - TimeSpan.FromDays(30), now, keep: true, CancellationToken.None);
        var wrong = Invariants.Check(report).ToList();
        foreach (var each in batch)
        {
            var story = await _host.Client.GetInstanceAsync(StoryId(each), getInputsAndOutputs: true, CancellationToken.None);
            var status = story!.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? story.ReadOutputAs<JourneyStatus>() : null;
            wrong.AddRange(Invariants.Check(each, status, await _ledger.FindAsync(each.TransactionId, CancellationToken.None))
                .Concat(Invariants.CheckTransfer(
                    each, await _ledger.FindAsync(each.TransferId, CancellationToken.None), _heard.Of(each.TransferId)))
                .Select(violation => $"{each.Schedule}: {violation} "
                    + $"[{status?.Phase} since {status?.Since:O}, {story.FailureDetails?.ErrorMessage}]"));
        }

        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _services.DisposeAsync();
    }

    /// <summary>
    /// The outside world of one case: starts the journey, then brings webhooks and commands at their times, until the journey has ended.
    /// </summary>
    private static async Task<JourneyStatus> Story(TaskOrchestrationContext context, Opening opening)
    {
        var number = opening.Number;
        await context.CreateTimer(opening.At, CancellationToken.None);
        var input = new CashInInput($"cst_{number}", null, 100m, new OnboardingOptions { GiveUpAfter = TimeSpan.FromDays(1) }, Options);
        var journey = context.CallSubOrchestratorAsync<JourneyStatus>(
            CashInWorkflow.Name, input, new SubOrchestrationOptions(retry: (TaskRetryOptions?)null, instanceId: $"s{number}"));
        var next = await context.CallActivityAsync<Next>(TakeStep, new Progress(number, 0));
        while (next.At is { } at && (next.IsMade || !journey.IsCompleted))
        {
            if (at.UtcDateTime > context.CurrentUtcDateTime)
                await context.CreateTimer(at.UtcDateTime, CancellationToken.None);
            next = await context.CallActivityAsync<Next>(TakeStep, next.Then);
        }

        return await journey;
    }

    /// <summary>Does what is due, and says when to come again: in ten minutes while the cash-in does not exist.</summary>
    private async Task<Next> TakeStepAsync(Progress progress)
    {
        var of = _cases[progress.Number];
        if (of.CreatedAt is not { } created)
            return new Next(_clock.GetUtcNow() + TimeSpan.FromMinutes(10), progress, IsMade: false);
        var steps = Steps(of);
        var done = progress.Done;
        for (; done < steps.Count && created + TimeSpan.FromMinutes(steps[done].At) <= _clock.GetUtcNow(); done++)
        {
            if (steps[done].Delivery is { } delivery)
                await _postman.BringAsync(of, delivery);
            else
                await _host.Client.RaiseEventAsync(
                    of.InstanceId, Signal.EventName, new Signal { Command = steps[done].Command, DeliveryId = $"cmd-{of.Number}" });
        }

        return new Next(done < steps.Count ? created + TimeSpan.FromMinutes(steps[done].At) : null, new Progress(of.Number, done));
    }

    /// <summary>Once a silence is an alarm, the journey's status says so: its clock goes on.</summary>
    private async Task LookAsync(Case of)
    {
        // The silence may be met by the look at the bank transfer alone, which no journey waits for.
        if (of.Schedule.Transfer != Transfer.None)
            return;
        if (of.Down < Waits.SilenceAlarm + TimeSpan.FromMinutes(5) || !of.FirstTime(nameof(LookAsync)))
            return;
        var journey = await _host.Client.GetInstanceAsync(of.InstanceId, getInputsAndOutputs: true, CancellationToken.None);
        if (journey!.ReadCustomStatusAs<JourneyStatus>() is not { Overdue: true })
            of.Complain("no alarm, though OMS has not answered for long");
    }

    private static List<Step> Steps(Case of)
    {
        var steps = Postman.Plan(of.Schedule).Where(each => each.At > 0).Select(each => new Step(each.At, each, null)).ToList();
        (double At, string Name)? command = of.Schedule.Command switch
        {
            Command.RefreshWhilePaying => (20, CommandNames.Refresh),
            Command.CancelEarly => (10, CommandNames.Cancel),
            Command.RefreshInGrace => (140, CommandNames.Refresh),
            _ => null,
        };
        if (command is { } given)
            steps.Add(new Step(given.At, null, given.Name));
        return [.. steps.OrderBy(step => step.At)];
    }

    private TableFailure Failing(TableCall call)
    {
        if (CaseOf(call) is not { } of)
            return TableFailure.None;
        var (table, isEvent) = (call.Table[1..], call.Row.StartsWith("event:", StringComparison.Ordinal));
        if (table == "Inbox" && isEvent && call.Method == "POST"
            && of.Schedule.Post is Post.StoreDownFirst or Post.StoredButUnanswered && of.FirstTime(call.Row))
            return of.Schedule.Post == Post.StoreDownFirst ? TableFailure.Before : TableFailure.After;
        if (call.Method == "GET" || isEvent)
            return TableFailure.None;
        return of.Strike(table == "Inbox" ? "Listeners" : table) switch
        {
            Harm.Refused => TableFailure.Before,
            Harm.AnswerLost => TableFailure.After,
            _ => TableFailure.None,
        };
    }

    private Case? CaseOf(TableCall call)
    {
        var digits = new string([.. call.Partition.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return digits.Length > 0 && _cases.TryGetValue(int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture), out var of)
            ? of
            : null;
    }

    private static Intake Intake(Case of) => new()
    {
        InstanceId = of.InstanceId,
        Orchestration = CashInWorkflow.Name,
        Input = JsonSerializer.Serialize(of.Number),
        CustomerId = of.CustomerId,
        LocationId = "loc_1",
        LocationReference = "ref",
        State = IntakeState.Started,
    };

    /// <summary>What is told of deposits.</summary>
    private sealed class DepositsHeard : IDepositListener
    {
        private readonly ConcurrentDictionary<string, ConcurrentQueue<SettlementState>> _states = new(StringComparer.Ordinal);

        public IReadOnlyList<SettlementState> Of(string transactionId) => [.. _states.GetValueOrDefault(transactionId) ?? []];

        public Task HearAsync(SettlementRecord deposit, CancellationToken cancellationToken)
        {
            _states.GetOrAdd(deposit.Settlement.TransactionId, _ => new()).Enqueue(deposit.State);
            return Task.CompletedTask;
        }
    }

    private static string StoryId(Case of) => $"story-{of.Number}";

    private sealed record Opening(int Number, DateTime At);

    private sealed record Progress(int Number, int Done);

    private sealed record Next(DateTimeOffset? At, Progress Then, bool IsMade = true);

    private sealed record Step(double At, Delivery? Delivery, string? Command);

    /// <summary>The registry is asked for before the clock is known that everything else needs.</summary>
    private sealed class Late
    {
        public Activities Activities { get; set; } = null!;

        public Explorer Explorer { get; set; } = null!;

        public PlantedBug Planted { get; init; } = PlantedBug.None;

        public void Register(DurableTaskRegistry registry)
        {
            registry.AddOrchestratorFunc<CashInInput, JourneyStatus>(
                CashInWorkflow.Name, (context, input) => CashInWorkflow.RunAsync(Planted.Change(context), input));
            registry.AddFunctions(typeof(BankDepositWorkflow));
            registry.AddOrchestratorFunc<Opening, JourneyStatus>(nameof(Story), Story);
            registry.AddActivityFunc<Progress, Next>(TakeStep, (_, progress) => Explorer.TakeStepAsync(progress));
            Activities.Register(registry, () => Activities);
        }
    }
}
