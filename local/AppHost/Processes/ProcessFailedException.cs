namespace OmsWorkflows.Local.AppHost.Processes;

/// <summary>A program that was started here did not do its part.</summary>
internal sealed class ProcessFailedException(string message, IReadOnlyList<string> lastLines) : Exception(message)
{
    /// <summary>What it printed last.</summary>
    public IReadOnlyList<string> LastLines { get; } = lastLines;
}
