using System.Globalization;
using OmsWorkflows.Soak.Books;
using Spectre.Console;

namespace OmsWorkflows.Soak;

/// <summary>Prints what a run came to.</summary>
internal static class SoakReport
{
    private const int Shown = 40;

    public static void Write(IAnsiConsole console, SoakResult result)
    {
        var table = new Table().AddColumns("", "").HideHeaders().Border(TableBorder.Rounded).Title($"seed {result.Options.Seed}");
        Section(table, "journeys by phase", [.. result.Books.Journeys
            .CountBy(journey => journey.Phase)
            .OrderByDescending(phase => phase.Value)
            .Select(phase => (phase.Key, Number(phase.Value)))]);
        Section(table, "planned payments", [.. result.Books.Journeys
            .CountBy(journey => journey.Plan.Payment)
            .OrderByDescending(plan => plan.Value)
            .Select(plan => (plan.Key.ToString(), Number(plan.Value)))]);
        Section(table, "faults (struck of possible)", [.. result.Faults
            .Select(fault => (fault.Kind, $"{fault.Struck} of {fault.Matched}"))]);
        Section(table, "webhooks", [.. Webhooks(result.Books.Oms)]);
        Section(table, "money", [.. Money(result.Books)]);
        Section(table, "run",
        [
            ("kills of host, worker or both", Number(result.Kills)),
            ("wall time", result.Took.ToString(@"mm\:ss", CultureInfo.InvariantCulture)),
            ("violations", Number(result.Violations.Count)),
            ("reconciled", result.Reconciled ? "yes, to the cent" : "NO"),
        ]);
        console.Write(table);
        foreach (var violation in result.Violations.Take(Shown))
            console.WriteLine(violation);
        if (result.Violations.Count > Shown)
            console.WriteLine($"… and {result.Violations.Count - Shown} more");
    }

    private static void Section(Table table, string title, IReadOnlyCollection<(string Name, string Value)> rows)
    {
        table.AddRow($"[bold]{title}[/]", "");
        foreach (var (name, value) in rows)
            table.AddRow($"  {Markup.Escape(name)}", Markup.Escape(value));
    }

    private static IEnumerable<(string Name, string Value)> Webhooks(OmsBooks oms)
    {
        foreach (var state in oms.Deliveries.CountBy(delivery => delivery.State).OrderByDescending(state => state.Value))
            yield return (state.Key, Number(state.Value));
        yield return ("attempts", Number(oms.Deliveries.Sum(delivery => delivery.Attempts)));
    }

    private static IEnumerable<(string Name, string Value)> Money(RunBooks books)
    {
        yield return ("cash taken by the tills", $"{Amount(books.Cash.Sum(cash => cash.Amount))} usd, {books.Cash.Count} times");
        var failed = books.Oms.Transactions.Where(transaction => transaction.Text("status") == "failed").ToList();
        yield return (
            "of it in failed conversions",
            $"{Amount(failed.Sum(transaction => transaction["source"].Money("amountGross")))} usd, {failed.Count} times");
        foreach (var asset in books.Oms.Settlements.GroupBy(settlement => settlement.Text("asset")))
        {
            var rows = books.Ledger.Where(row => row.Asset == asset.Key).ToList();
            yield return ($"settled by OMS, {asset.Key}", $"{Amount(asset.Sum(settlement => settlement.Money("net")))} in {asset.Count()}");
            yield return (
                "  credited to journeys",
                $"{Amount(rows.Where(row => row.IsBooked).Sum(row => row.Net))} in {rows.Count(row => row.IsBooked)}");
            yield return (
                "  kept, unclaimed", $"{Amount(rows.Where(row => row.IsKept).Sum(row => row.Net))} in {rows.Count(row => row.IsKept)}");
            yield return ("  difference", Amount(asset.Sum(settlement => settlement.Money("net")) - rows.Sum(row => row.Net)));
        }
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Amount(decimal amount) => amount.ToString("N2", CultureInfo.InvariantCulture);
}
