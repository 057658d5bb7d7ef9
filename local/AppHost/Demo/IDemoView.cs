namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>Shows a run: live in a terminal, as lines in a file or pipe, as JSON for machines.</summary>
internal interface IDemoView
{
    /// <summary>Says what is being set up.</summary>
    void Progress(string text);

    /// <summary>Shows the cash-in while <paramref name="run"/> reports what happens.</summary>
    Task<bool> ShowAsync(Func<Action<DemoEvent>, Task<bool>> run);

    /// <summary>Says where to look and how to go on by hand.</summary>
    void TryByHand(Places places);

    /// <summary>Says why it did not work.</summary>
    void Failed(string message, IReadOnlyList<string> lastLines, string? logs);
}
