using Spectre.Console;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>A table that grows while the cash-in goes on, with the code's time running down.</summary>
internal sealed class LiveView(IAnsiConsole console, TimeProvider clock) : IDemoView
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly List<DemoEvent> _events = [];

    public void Progress(string text) => console.MarkupLineInterpolated($"[grey]… {text}[/]");

    public async Task<bool> ShowAsync(Func<Action<DemoEvent>, Task<bool>> run)
    {
        var completed = false;
        await console.Live(Draw(over: false)).StartAsync(async live =>
        {
            var story = run(Add);
            using var timer = new PeriodicTimer(Redraw);
            while (!story.IsCompleted)
            {
                live.UpdateTarget(Draw(over: false));
                await Task.WhenAny(story, timer.WaitForNextTickAsync().AsTask());
            }
            live.UpdateTarget(Draw(over: true));
            completed = await story;
        });
        return completed;
    }

    public void TryByHand(Places places)
    {
        console.WriteLine();
        // As it is: wrapping would break the lines that are there to be pasted.
        console.Profile.Out.Writer.WriteLine(Demo.TryByHand.Text(places));
    }

    public void Failed(string message, IReadOnlyList<string> lastLines, string? logs)
    {
        console.MarkupLineInterpolated($"[red]FAILED[/] {message}");
        foreach (var line in lastLines)
            console.MarkupLineInterpolated($"    [grey]{line}[/]");
        if (logs is not null)
            console.MarkupLineInterpolated($"Logs: {logs}");
    }

    private void Add(DemoEvent seen)
    {
        lock (_gate)
            _events.Add(seen);
    }

    private Table Draw(bool over)
    {
        DemoEvent[] seen;
        lock (_gate)
            seen = [.. _events];
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey).HideHeaders()
            .AddColumns("", "", "", "").Title("One cash-in, live");
        for (var i = 0; i < seen.Length; i++)
        {
            var isLast = i == seen.Length - 1;
            var title = new Markup($"[bold]{seen[i].Title.EscapeMarkup()}[/]");
            table.AddRow(Mark(seen[i], isLast && !over), Time(seen[i], seen[0]), title, Details(seen[i], isLast));
        }
        if (seen.Length == 0)
            table.AddRow(new Markup("[yellow]●[/]"), Text.Empty, new Markup("[bold]Sending the applicant[/]"), Text.Empty);
        return table;
    }

    private static Markup Mark(DemoEvent seen, bool isCurrent) => new(seen switch
    {
        { IsFailure: true } => "[red]✗[/]",
        _ when isCurrent => "[yellow]●[/]",
        _ => "[green]✓[/]",
    });

    private static Markup Time(DemoEvent seen, DemoEvent first) => new($"[grey]{(seen.At - first.At).TotalSeconds,5:0.0} s[/]");

    private Markup Details(DemoEvent seen, bool isLast)
    {
        var text = seen.Text.EscapeMarkup();
        if (seen.Kind is "code" or "code-refreshed" && text.Split('\n') is [var code, .. var rest])
            text = $"[bold aqua]{code}[/]\n{string.Join('\n', rest)}";
        if (seen.Kind == "booked")
            text = $"[green]{text}[/]";
        if (seen.Until is { } until && isLast)
        {
            var left = until - clock.GetUtcNow();
            text += left > TimeSpan.Zero ? $"\n[yellow]{left:m\\:ss}[/] left" : "\n[yellow]time is up[/]";
        }
        return new Markup(text);
    }
}
