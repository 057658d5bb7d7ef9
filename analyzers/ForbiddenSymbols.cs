using Microsoft.CodeAnalysis;

namespace OmsWorkflows.Analyzers;

/// <summary>What an orchestrator may not touch, by type and member, and which rule says so.</summary>
internal static class ForbiddenSymbols
{
    /// <summary>Types of which nothing may be used.</summary>
    private static readonly Dictionary<string, DiagnosticDescriptor> Types = new()
    {
        ["System.TimeProvider"] = WorkflowRules.Clock,
        ["System.Diagnostics.Stopwatch"] = WorkflowRules.Clock,
        ["System.Random"] = WorkflowRules.Randomness,
        ["System.Security.Cryptography.RandomNumberGenerator"] = WorkflowRules.Randomness,
        ["System.Threading.Thread"] = WorkflowRules.Threads,
        ["System.Threading.ThreadPool"] = WorkflowRules.Threads,
        ["System.Threading.Timer"] = WorkflowRules.Threads,
        ["System.Threading.PeriodicTimer"] = WorkflowRules.Threads,
        ["System.Threading.Tasks.Parallel"] = WorkflowRules.Threads,
        ["System.Threading.Tasks.TaskFactory"] = WorkflowRules.Threads,
        ["System.Linq.ParallelEnumerable"] = WorkflowRules.Threads,
        ["System.Console"] = WorkflowRules.Outside,
        ["System.Environment"] = WorkflowRules.Outside,
        ["System.Diagnostics.Process"] = WorkflowRules.Outside,
        ["System.IServiceProvider"] = WorkflowRules.Outside,
        ["Microsoft.Extensions.Configuration.IConfiguration"] = WorkflowRules.Outside,
    };

    /// <summary>Single members of types that are otherwise fine.</summary>
    private static readonly Dictionary<string, DiagnosticDescriptor> Members = new()
    {
        ["System.DateTime.Now"] = WorkflowRules.Clock,
        ["System.DateTime.UtcNow"] = WorkflowRules.Clock,
        ["System.DateTime.Today"] = WorkflowRules.Clock,
        ["System.DateTimeOffset.Now"] = WorkflowRules.Clock,
        ["System.DateTimeOffset.UtcNow"] = WorkflowRules.Clock,
        ["System.Environment.TickCount"] = WorkflowRules.Clock,
        ["System.Environment.TickCount64"] = WorkflowRules.Clock,
        ["System.Guid.NewGuid"] = WorkflowRules.Randomness,
        ["System.Guid.CreateVersion7"] = WorkflowRules.Randomness,
        ["System.Threading.Tasks.Task.Delay"] = WorkflowRules.Clock,
        ["System.Threading.Tasks.Task.Run"] = WorkflowRules.Threads,
        ["System.Threading.Tasks.Task.Factory"] = WorkflowRules.Threads,
        ["System.Threading.Tasks.Task.ContinueWith"] = WorkflowRules.Threads,
        ["System.Threading.Tasks.Task.Yield"] = WorkflowRules.Threads,
        ["System.Threading.Tasks.Task.Wait"] = WorkflowRules.Threads,
        ["System.Threading.Tasks.Task.WaitAll"] = WorkflowRules.Threads,
        ["System.Threading.Tasks.Task.WaitAny"] = WorkflowRules.Threads,
        ["System.Threading.Tasks.Task.ConfigureAwait"] = WorkflowRules.ConfigureAwait,
    };

    /// <summary>Namespaces that are I/O as a whole.</summary>
    private static readonly string[] OutsideNamespaces = ["System.IO", "System.Net", "System.Data", "Azure"];

    /// <summary>The rule a symbol breaks, if it breaks one.</summary>
    public static DiagnosticDescriptor? RuleFor(ISymbol symbol)
    {
        var type = symbol.ContainingType;
        if (type is null)
            return null;

        var typeName = type.OriginalDefinition.ToDisplayString(Format);
        if (Members.TryGetValue($"{typeName}.{symbol.Name}", out var rule) || Types.TryGetValue(typeName, out rule))
            return rule;

        var space = type.ContainingNamespace.ToDisplayString();
        return OutsideNamespaces.Any(outside => space == outside || space.StartsWith(outside + ".", StringComparison.Ordinal))
            && type.TypeKind != TypeKind.Enum
            ? WorkflowRules.Outside
            : null;
    }

    // Task<T>.ConfigureAwait is the same rule as Task.ConfigureAwait.
    private static readonly SymbolDisplayFormat Format = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.None);
}
