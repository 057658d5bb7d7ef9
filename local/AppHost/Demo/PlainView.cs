using System.Globalization;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>Lines without colour, for a file or a pipe.</summary>
internal sealed class PlainView(TextWriter output) : IDemoView
{
    public void Progress(string text) => output.WriteLine($"… {text}");

    public Task<bool> ShowAsync(Func<Action<DemoEvent>, Task<bool>> run) => run(Write);

    public void TryByHand(Places places) => output.WriteLine(Demo.TryByHand.Text(places));

    public void Failed(string message, IReadOnlyList<string> lastLines, string? logs)
    {
        output.WriteLine($"FAILED: {message}");
        foreach (var line in lastLines)
            output.WriteLine($"    {line}");
        if (logs is not null)
            output.WriteLine($"Logs: {logs}");
    }

    private void Write(DemoEvent seen)
    {
        var text = seen.Text.Replace("\n", " · ", StringComparison.Ordinal);
        var until = seen.Until is { } time ? $" · until {time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}Z" : "";
        output.WriteLine($"{seen.At.UtcDateTime.ToString("HH:mm:ss.f", CultureInfo.InvariantCulture)}  {seen.Title,-21} {text}{until}");
    }
}
