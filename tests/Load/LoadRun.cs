using System.Diagnostics;
using OmsWorkflows.Load.Machines;
using OmsWorkflows.Load.Measures;
using OmsWorkflows.Load.Traffic;
using OmsWorkflows.Soak;
using OmsWorkflows.Soak.Books;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Load;

/// <summary>Many people pay in at once; everything is measured on the way and reconciled at the end.</summary>
internal sealed class LoadRun(LoadOptions options, Action<string> progress)
{
    /// <summary>The app sweeps its inbox every minute.</summary>
    private static readonly TimeSpan TwoSweeps = TimeSpan.FromMinutes(2);

    /// <summary>Runs it.</summary>
    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var machine = await LoadMachine.StartAsync(options, progress, cancellationToken);
        AppCaller[] apps = [.. machine.Hosts.Select(host => new AppCaller(host))];
        try
        {
            return await RunAsync(machine, apps, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Keep(machine);
            throw;
        }
        finally
        {
            foreach (var app in apps)
                app.Dispose();
        }
    }

    private async Task<LoadResult> RunAsync(LoadMachine machine, AppCaller[] apps, CancellationToken cancellationToken)
    {
        var crowd = new Crowd(apps, machine.Oms, options);
        var killer = new HostKiller(machine.Hosts, options.Kills, () => crowd.Progress);
        var processes = new ProcessMeter(machine.Hosts);
        var ledger = new AppLedger(machine.Azurite);
        machine.Tables.Reset();
        machine.TaskHub.Reset();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var measuring = processes.RunAsync(over.Token);
        var killing = killer.RunAsync(over.Token);

        var waves = new List<Wave>();
        foreach (var people in Enumerable.Range(0, options.CashIns).Chunk((options.CashIns + options.Waves - 1) / options.Waves))
            waves.Add(await WaveAsync(crowd, people, ledger, processes, cancellationToken));
        await killing;
        // What people read at the end to learn how long it took is no part of a cash-in.
        var (tables, taskHub) = (machine.Tables.Calls, machine.TaskHub.Calls);
        var documents = await crowd.EndsAsync(cancellationToken);
        progress("waiting for the sweeps that would make dead letters");
        await Task.Delay(LoadMachine.DeadLetterAfter + TwoSweeps, cancellationToken);
        await over.CancelAsync();
        await measuring;

        var reconciling = Stopwatch.GetTimestamp();
        var reconciliation = await apps[0].ReconciliationAsync(cancellationToken);
        var reconciled = Stopwatch.GetElapsedTime(reconciling);
        var deadLetters = await apps[0].DeadLettersAsync(cancellationToken);
        var violations = Books.Check(
            options,
            crowd.Taken,
            documents,
            [.. (await machine.Oms.ShowAsync("ledger", cancellationToken)).Items("settlements")],
            await ledger.ReadAsync(cancellationToken),
            deadLetters,
            reconciliation);
        if (violations.Count > 0)
            Keep(machine);
        return new LoadResult(options)
        {
            Starts = crowd.Starts,
            Waves = waves,
            Phases = PhaseTimes.Of(documents),
            TableCalls = tables,
            TaskHubCalls = taskHub,
            Samples = processes.Samples,
            Kills = killer.Kills,
            Reconciling = reconciled,
            DeadLetters = deadLetters,
            Violations = violations,
        };
    }

    private async Task<Wave> WaveAsync(
        Crowd crowd, int[] people, AppLedger ledger, ProcessMeter processes, CancellationToken cancellationToken)
    {
        var all = people[^1] + 1;
        var began = Stopwatch.GetTimestamp();
        await crowd.StartAsync(people, cancellationToken);
        var starting = Stopwatch.GetElapsedTime(began);
        progress($"{all} started, the last {people.Length} in {starting.TotalSeconds:0.0} s");
        var codes = await crowd.CodesAsync(all, cancellationToken);
        var waiting = Stopwatch.GetElapsedTime(began);
        progress($"all have a deposit code after {waiting.TotalSeconds:0.0} s");

        var paid = Stopwatch.GetTimestamp();
        await crowd.PayAsync(codes, cancellationToken);
        await Crowd.UntilAsync(
            async () => (await ledger.ReadAsync(cancellationToken)).Count(row => row.IsBooked), all, "are booked", cancellationToken);
        var settling = Stopwatch.GetElapsedTime(paid);
        progress($"all booked {settling.TotalSeconds:0.0} s after the first payment");
        return new(people.Length, starting, waiting, settling, processes.Samples is [.., var now] ? now : null);
    }

    private void Keep(LoadMachine machine)
    {
        machine.KeepFolder = true;
        progress($"logs and databases are kept in {machine.Folder}");
    }
}
