namespace Microsoft.DurableTask;

/// <summary>How an orchestration starts over with an empty history.</summary>
public class ContinueAsNewOptions
{
    /// <summary>Input of the new run.</summary>
    public object? NewInput { get; set; }

    /// <summary>Whether events that arrived but were not waited for go with it.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>Version of the new run; the same version when left out.</summary>
    public string? NewVersion { get; set; }
}
