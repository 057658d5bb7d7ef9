using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace OmsWorkflows.Analyzers;

/// <summary>Keeps <c>*.workflow.cs</c> files deterministic: what an orchestrator does must come out the same at every replay.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WorkflowAnalyzer : DiagnosticAnalyzer
{
    private const string Suffix = ".workflow.cs";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        WorkflowRules.Clock, WorkflowRules.Randomness, WorkflowRules.Threads, WorkflowRules.ConfigureAwait,
        WorkflowRules.Outside, WorkflowRules.StaticState, WorkflowRules.ForeignTask,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(
            CheckUse,
            OperationKind.Invocation,
            OperationKind.PropertyReference,
            OperationKind.FieldReference,
            OperationKind.MethodReference,
            OperationKind.ObjectCreation);
        context.RegisterOperationAction(CheckAwait, OperationKind.Await);
        context.RegisterSymbolAction(CheckField, SymbolKind.Field);
    }

    private static void CheckUse(OperationAnalysisContext context)
    {
        if (!IsWorkflow(context.Operation.Syntax.SyntaxTree))
            return;

        ISymbol? symbol = context.Operation switch
        {
            IInvocationOperation invocation => invocation.TargetMethod,
            IPropertyReferenceOperation property => property.Property,
            IFieldReferenceOperation field => field.Field,
            IMethodReferenceOperation method => method.Method,
            IObjectCreationOperation creation => creation.Constructor,
            _ => null,
        };
        if (symbol is not null && ForbiddenSymbols.RuleFor(symbol) is { } rule)
            context.ReportDiagnostic(
                Diagnostic.Create(rule, context.Operation.Syntax.GetLocation(), $"{symbol.ContainingType.Name}.{symbol.Name}"));
    }

    private static void CheckAwait(OperationAnalysisContext context)
    {
        var awaited = ((IAwaitOperation)context.Operation).Operation;
        if (!IsWorkflow(awaited.Syntax.SyntaxTree) || awaited is not IInvocationOperation { TargetMethod: var method }
            || IsFromContext(method))
            return;
        if (ForbiddenSymbols.RuleFor(method) is null)
            context.ReportDiagnostic(
                Diagnostic.Create(WorkflowRules.ForeignTask, awaited.Syntax.GetLocation(), $"{method.ContainingType.Name}.{method.Name}"));
    }

    private static void CheckField(SymbolAnalysisContext context)
    {
        var field = (IFieldSymbol)context.Symbol;
        if (field is { IsStatic: true, IsReadOnly: false, IsConst: false }
            && field.Locations.Any(location => location.SourceTree is { } tree && IsWorkflow(tree)))
            context.ReportDiagnostic(Diagnostic.Create(WorkflowRules.StaticState, field.Locations[0], field.Name));
    }

    private static bool IsFromContext(IMethodSymbol method)
    {
        for (var type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (type.Name == "TaskOrchestrationContext")
                return true;
        }

        return method is { ContainingType.Name: "Task", Name: "WhenAll" or "WhenAny" or "FromResult" }
            || method.ReducedFrom?.Parameters[0].Type.Name == "TaskOrchestrationContext"
            || method.DeclaringSyntaxReferences.Any(declaration => IsWorkflow(declaration.SyntaxTree));
    }

    private static bool IsWorkflow(SyntaxTree tree) => tree.FilePath.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);
}
