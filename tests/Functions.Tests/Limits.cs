namespace OmsWorkflows.Functions.Tests;

/// <summary>How long is waited.</summary>
internal static class Limits
{
    /// <summary>Far beyond what anything takes on a slow and busy machine: it costs time only where something never comes.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);
}
