using System.Collections.Concurrent;
using System.Diagnostics;
using OmsWorkflows.Machines;
using OmsWorkflows.Soak.Books;
using OmsWorkflows.Soak.Faults;
using OmsWorkflows.Soak.Plans;
using OmsWorkflows.Soak.Playing;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Soak;

/// <summary>
/// Many cash-ins through real processes, with every fault the sandbox has and the app killed again and again; afterwards all books are
/// compared to the cent.
/// </summary>
internal sealed class SoakRun(SoakOptions options, Action<string> progress)
{
    private static readonly TimeSpan NothingEnds = TimeSpan.FromMinutes(5);

    private readonly ConcurrentBag<PlayedJourney> _played = [];
    private int _started;
    private long _lastEnd;

    private double Progress => _played.Count / (double)options.Journeys;

    /// <summary>Runs it.</summary>
    public async Task<SoakResult> RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var plans = Planner.Make(options);
        await using var machine = await Machine.StartAsync(options.Pace.ToSettings(), progress, cancellationToken);
        machine.KeepFolder = options.KeepFolder;
        using var oms = new OmsSimulator(machine.Sandbox.Url, machine.Key);
        using var app = new AppCaller(machine.App);
        var known = await KnownCustomers.CreateAsync(oms, plans.Max(plan => plan.KnownCustomer + 1) ?? 0, cancellationToken);
        await oms.ControlAsync("faults", FaultScript.Make(options), cancellationToken);

        var keeper = new AppKeeper(machine.App, options, () => Progress);
        var desk = new CashDesk(oms);
        var player = new JourneyPlayer(app, desk, new Applicants(oms, app), known, options);
        await PlayAsync(plans, player, keeper, cancellationToken);

        var faults = FaultFigures.Of(await oms.ShowAsync("faults", cancellationToken));
        await oms.EndFaultsAsync(cancellationToken);
        var ledger = await new LedgerWait(oms, new AppLedger(machine.Azurite), progress).UntilAllIsThereAsync(cancellationToken);
        var books = new RunBooks(
            [.. _played], known, desk.Taken, await OmsBooks.ReadAsync(
                oms, cancellationToken), ledger, await app.ReconciliationAsync(cancellationToken));
        var violations = Reconciler.Check(books).Concat(await ChangedAfterTheEndAsync(app, cancellationToken)).ToList();
        if (violations.Count > 0)
        {
            machine.KeepFolder = true;
            progress($"logs and database are kept in {machine.Folder}");
        }
        return new SoakResult(options, books, faults, keeper.Kills, watch.Elapsed, violations);
    }

    private async Task PlayAsync(
        IReadOnlyList<JourneyPlan> plans, JourneyPlayer player, AppKeeper keeper, CancellationToken cancellationToken)
    {
        _lastEnd = Stopwatch.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keeping = keeper.RunAsync(over.Token);
        var telling = TellAsync(keeper, over.Token);
        var side = new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce, CancellationToken = over.Token };
        var playing = Parallel.ForEachAsync(
            plans, side, (plan, token) => PlayOneAsync(plan, player, token));
        // The keeper only ends early to say that the app died by itself.
        var first = await Task.WhenAny(playing, keeping);
        await over.CancelAsync();
        await first;
        await Task.WhenAll(playing, keeping.ContinueWith(_ => { }, TaskScheduler.Default), telling);
    }

    private async ValueTask PlayOneAsync(JourneyPlan plan, JourneyPlayer player, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _started);
        _played.Add(await player.PlayAsync(
            plan, () => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastEnd)) > NothingEnds, cancellationToken));
        Volatile.Write(ref _lastEnd, Stopwatch.GetTimestamp());
    }

    private async Task TellAsync(AppKeeper keeper, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10));
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            progress($"{watch.Elapsed:mm\\:ss}  started {_started}, ended {_played.Count} of {options.Journeys}, "
                + $"kills {keeper.Kills} of {options.Kills}");
        }
    }

    /// <summary>What has ended stays as it is.</summary>
    private async Task<IReadOnlyList<string>> ChangedAfterTheEndAsync(AppCaller app, CancellationToken cancellationToken)
    {
        var changed = new List<string>();
        foreach (var journey in _played.Where(journey => journey.Ended))
        {
            var now = await app.ReadAsync(journey.Id, cancellationToken);
            if (now.ToJsonString() != journey.Document.ToJsonString())
                changed.Add($"{journey.Id} ended as {journey.Phase} and is {now.Text("phase")} now");
        }
        return changed;
    }
}
