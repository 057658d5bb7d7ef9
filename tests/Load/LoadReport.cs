using System.Globalization;
using OmsWorkflows.Load.Machines;
using OmsWorkflows.Load.Measures;
using OmsWorkflows.Local.AppHost;
using Spectre.Console;

namespace OmsWorkflows.Load;

/// <summary>Prints what a run came to.</summary>
internal static class LoadReport
{
    private const double Mebi = 1024 * 1024;
    private const int Shown = 40;

    public static void Write(IAnsiConsole console, LoadResult result)
    {
        var options = result.Options;
        var table = new Table().AddColumns("", "").HideHeaders().Border(TableBorder.Rounded)
            .Title(Title(result));
        Section(table, "throughput",
        [
            ("started", PerWave(result, wave => Text($"{wave.People / wave.Starting.TotalSeconds:0.0}/s"))),
            ("a start was answered", Percentiles(result.Starts)),
            ("all have a code after", PerWave(result, wave => Seconds(wave.Waiting))),
            ("all booked, once paid, after", PerWave(result, wave => Seconds(wave.Settling))),
        ]);
        Section(table, "a journey stood in", [.. result.Phases.Select(phase => (phase.Key, Percentiles(phase.Value)))]);
        Calls(table, "to the app's tables per cash-in", result.TableCalls, options.CashIns);
        if (options.Store == Store.Azurite)
            Calls(table, "to the task hub per cash-in", result.TaskHubCalls, options.CashIns);
        if (result.Samples.Count > 0)
            Section(table, "hosts and workers", [.. Processes(result)]);
        Section(table, "books",
        [
            ("dead letters", Text($"{result.DeadLetters}")),
            ("the app reconciled them in", Seconds(result.Reconciling)),
            ("violations", result.Violations.Count.ToString(CultureInfo.InvariantCulture)),
            ("reconciled", result.Violations.Count == 0 ? "yes, to the cent" : "NO"),
        ]);
        console.Write(table);
        foreach (var violation in result.Violations.Take(Shown))
            console.WriteLine(violation);
    }

    private static IEnumerable<(string Name, string Value)> Processes(LoadResult result)
    {
        var samples = result.Samples;
        var (first, last) = (samples[0], samples[^1]);
        var (bytes, files) = (samples.Max(sample => sample.Bytes), samples.Max(sample => sample.Files));
        yield return ("memory: first, most, last", Text($"{first.Bytes / Mebi:0}, {bytes / Mebi:0}, {last.Bytes / Mebi:0} MiB"));
        yield return ("memory when all are booked", PerWave(result, wave => Text($"{wave.After?.Bytes / Mebi:0} MiB")));
        yield return ("open files: first, most, last", Text($"{first.Files}, {files}, {last.Files}"));
        yield return (
            "processor time per cash-in",
            Text($"{(last.ProcessorSeconds - first.ProcessorSeconds) / result.Options.CashIns * 1000:0} ms"));
    }

    private static string Title(LoadResult result)
    {
        var (cashIns, waves, clients, store, hosts, _, openFiles) = result.Options;
        var bound = openFiles is { } files ? Text($", {files} open files") : "";
        var people = Text($"{cashIns} cash-ins in {waves} wave(s), {clients} clients");
        return Text($"{people}, {hosts} host(s), task hub on {store}, {result.Kills} kills{bound}");
    }

    private static void Calls(Table table, string title, IReadOnlyDictionary<StorageCall, int> calls, int cashIns)
    {
        Section(table, title,
        [
            .. calls.OrderBy(call => call.Key.Thing, StringComparer.Ordinal).ThenBy(call => call.Key.Method, StringComparer.Ordinal)
                .Where(call => call.Value * 100 >= cashIns)
                .Select(call => ($"{call.Key.Method} {call.Key.Thing}", Each(call.Value, cashIns))),
            ("all", Each(calls.Values.Sum(), cashIns)),
        ]);
    }

    private static string PerWave(LoadResult result, Func<Wave, string> value) => string.Join(", ", result.Waves.Select(value));

    private static string Each(int count, int cashIns) => (count / (double)cashIns).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Percentiles(IReadOnlyList<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return sorted.Count == 0
            ? "none"
            : $"p50 {Seconds(sorted[sorted.Count / 2])}, p99 {Seconds(sorted[sorted.Count * 99 / 100])}, most {Seconds(sorted[^1])}";
    }

    private static string Seconds(TimeSpan time) => Text($"{time.TotalSeconds:0.00} s");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static void Section(Table table, string title, IReadOnlyCollection<(string Name, string Value)> rows)
    {
        table.AddRow($"[bold]{Markup.Escape(title)}[/]", "");
        foreach (var (name, value) in rows)
            table.AddRow($"  {Markup.Escape(name)}", Markup.Escape(value));
    }
}
