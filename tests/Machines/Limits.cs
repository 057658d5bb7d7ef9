namespace OmsWorkflows.Machines;

/// <summary>How long is waited for what processes do.</summary>
internal static class Limits
{
    /// <summary>Far beyond what anything takes on a slow and busy machine: it costs time only where something never comes.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);
}
