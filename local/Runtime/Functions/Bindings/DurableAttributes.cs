using System.Diagnostics;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes the function an orchestrator; goes on its <c>TaskOrchestrationContext</c> parameter.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
[DebuggerDisplay("{Orchestration}")]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Gets or sets the orchestration's name; the function's name if not set.</summary>
    public string? Orchestration { get; set; }
}

/// <summary>Makes the function an activity; goes on the parameter that takes the activity's input.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
[DebuggerDisplay("{Activity}")]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Gets or sets the activity's name; the function's name if not set.</summary>
    public string? Activity { get; set; }
}

/// <summary>Hands the function a <c>DurableTaskClient</c>.</summary>
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>Gets or sets the task hub. This runtime has exactly one; another name is an error at start-up.</summary>
    public string? TaskHub { get; set; }

    /// <summary>Gets or sets the connection's name; without meaning on this runtime.</summary>
    public string? ConnectionName { get; set; }
}
