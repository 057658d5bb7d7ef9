using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>One kind of problem the app answers.</summary>
/// <param name="Type">Its stable type, without the prefix all have.</param>
/// <param name="Status">Its HTTP status; 0 where the code passes one on.</param>
internal sealed record ProblemType(string Type, int Status);

/// <summary>Every kind of problem the app answers, found in its sources: where one is made, its type stands as text.</summary>
internal static class ProblemTypes
{
    private const string StatusPrefix = "StatusCodes.Status";

    private static readonly Dictionary<string, int> Makers = new(StringComparer.Ordinal) { ["Conflict"] = 409, ["Refused"] = 422 };

    public const string Prefix = "urn:oms-workflows:problem:";

    public static IReadOnlyList<ProblemType> All { get; } =
    [
        .. Repository.Sources.SelectMany(Calls).Select(Read).OfType<ProblemType>().Distinct()
            .OrderBy(problem => problem.Status).ThenBy(problem => problem.Type, StringComparer.Ordinal),
    ];

    private static IEnumerable<InvocationExpressionSyntax> Calls(string file)
        => CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>();

    private static ProblemType? Read(InvocationExpressionSyntax call)
    {
        var (owner, name) = call.Expression switch
        {
            MemberAccessExpressionSyntax member => (member.Expression.ToString(), member.Name.Identifier.Text),
            IdentifierNameSyntax alone => (call.FirstAncestorOrSelf<ClassDeclarationSyntax>()?.Identifier.Text, alone.Identifier.Text),
            _ => (null, ""),
        };
        if (owner != nameof(Http.Problems))
            return null;
        var texts = call.ArgumentList.Arguments.Select(argument => argument.Expression).ToList();
        return name switch
        {
            "Of" when Text(texts.ElementAtOrDefault(1)) is { } type => new(type, StatusOf(texts[0].ToString())),
            _ when Makers.TryGetValue(name, out var status) && Text(texts.FirstOrDefault()) is { } type => new(type, status),
            _ => null,
        };
    }

    private static string? Text(ExpressionSyntax? expression) => (expression as LiteralExpressionSyntax)?.Token.Value as string;

    private static int StatusOf(string expression)
        => expression.StartsWith(StatusPrefix, StringComparison.Ordinal)
            ? int.Parse(expression.AsSpan(StatusPrefix.Length, 3), System.Globalization.CultureInfo.InvariantCulture)
            : 0;
}
