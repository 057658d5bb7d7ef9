namespace OmsWorkflows.Local.AppHost;

/// <summary>A program of the system did not do its part.</summary>
internal sealed class ProcessFailedException(string message, IReadOnlyList<string> lastLines) : Exception(message)
{
    /// <summary>What it said last.</summary>
    public IReadOnlyList<string> LastLines { get; } = lastLines;
}
