using Microsoft.CodeAnalysis;

namespace OmsWorkflows.Analyzers;

/// <summary>
/// The rules of <c>*.workflow.cs</c> files: an orchestrator replays, so it may only depend on its input, its history and its context.
/// </summary>
internal static class WorkflowRules
{
    public static readonly DiagnosticDescriptor Clock = Rule(
        "OMSW001",
        "An orchestrator has no clock",
        "'{0}' gives another time at each replay. Use context.CurrentUtcDateTime and context.CreateTimer.");

    public static readonly DiagnosticDescriptor Randomness = Rule(
        "OMSW002",
        "An orchestrator has no randomness",
        "'{0}' gives another value at each replay. Use context.NewGuid, or get the value from an activity.");

    public static readonly DiagnosticDescriptor Threads = Rule(
        "OMSW003",
        "An orchestrator has one thread",
        "'{0}' continues outside the orchestrator's thread. Use the context's timers and activities, Task.WhenAll and Task.WhenAny.");

    public static readonly DiagnosticDescriptor ConfigureAwait = Rule(
        "OMSW004", "An orchestrator stays in its context", "'{0}' leaves the orchestrator's thread. Await the task itself.");

    public static readonly DiagnosticDescriptor Outside = Rule(
        "OMSW005", "An orchestrator does no I/O", "'{0}' reaches outside the orchestrator. Call an activity that does it.");

    public static readonly DiagnosticDescriptor StaticState = Rule(
        "OMSW006",
        "An orchestrator has no shared state",
        "'{0}' can change between replays. Keep state in locals, in the input or in an activity's result.");

    public static readonly DiagnosticDescriptor ForeignTask = Rule(
        "OMSW007",
        "An orchestrator awaits its context only",
        "'{0}' does not come from the orchestration's context. "
            + "Await the context's tasks, Task.WhenAll, Task.WhenAny or a method of a *.workflow.cs file.");

    private static DiagnosticDescriptor Rule(string id, string title, string message) => new(
        id, title, message, "Determinism", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
