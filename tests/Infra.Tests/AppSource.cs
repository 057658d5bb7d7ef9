using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OmsWorkflows.Infra.Tests;

/// <summary>
/// What the app's source says about its surroundings: settings it reads, clients it constructs, events and metrics it emits.
/// </summary>
internal static class AppSource
{
    private static readonly SyntaxNode[] Roots =
        [.. Repository.Files("functions", "*.cs").Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file).GetRoot())];

    /// <summary>
    /// Settings by their full name, each with whether the app has a value of its own for it: the properties of every class with a constant
    /// <c>Section</c>, and what is read by name from a configuration.
    /// </summary>
    public static IReadOnlyDictionary<string, bool> Settings { get; } = FindSettings();

    /// <summary>Types of Azure SDK clients that are constructed, such as <c>TableServiceClient</c>.</summary>
    public static IReadOnlySet<string> Clients { get; } = Nodes<ObjectCreationExpressionSyntax>().Select(
        creation => creation.Type.ToString())
        .Where(
            type => type.EndsWith("Client", StringComparison.Ordinal) || type == "VaultKey"
                || type.EndsWith("Exporter", StringComparison.Ordinal))
        .Where(type => type is not ("HttpClient" or "OmsClient"))
        .Concat(
            Nodes<InvocationExpressionSyntax>().Select(MethodName)
                .Where(name => name.StartsWith("AddAzureMonitor", StringComparison.Ordinal)).Select(_ => "AzureMonitor"))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Ids of source-generated log events, with the method that emits each.</summary>
    public static IReadOnlyDictionary<int, string> LogEvents { get; } = Nodes<AttributeSyntax>().Where(
        attribute => attribute.Name.ToString() == "LoggerMessage")
        .ToDictionary(
            attribute => int.Parse(
                attribute.ArgumentList!.Arguments.First(
                    argument => argument.NameEquals is null || argument.NameEquals.Name.ToString() == "EventId").Expression.ToString(),
                System.Globalization.CultureInfo.InvariantCulture),
            attribute => attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>()!.Identifier.Text);

    /// <summary>Log events that something calls, by id: one that nobody emits is no better than one that does not exist.</summary>
    public static IReadOnlySet<int> EmittedEvents { get; } = LogEvents
        .Where(entry => Nodes<InvocationExpressionSyntax>().Any(call => MethodName(call) == entry.Value))
        .Select(entry => entry.Key).ToHashSet();

    /// <summary>Names of the instruments the app measures with.</summary>
    public static IReadOnlySet<string> Metrics { get; } = Nodes<InvocationExpressionSyntax>()
        .Where(call => MethodName(call) is "CreateCounter" or "CreateHistogram" or "CreateUpDownCounter" or "CreateGauge"
            or "CreateObservableGauge" or "CreateObservableCounter" or "CreateObservableUpDownCounter")
        .Select(call => Text(call.ArgumentList.Arguments[0].Expression)).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>Routes that ask for no key.</summary>
    public static IReadOnlySet<string> AnonymousRoutes { get; } = Nodes<AttributeSyntax>().Where(
        attribute => attribute.Name.ToString() == "HttpTrigger")
        .Where(attribute => attribute.ArgumentList!.Arguments[0].ToString() == "AuthorizationLevel.Anonymous")
        .Select(
            attribute => Text(
                attribute.ArgumentList!.Arguments.Single(argument => argument.NameEquals?.Name.ToString() == "Route").Expression)!)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Every method and path that is served, such as <c>GET /api/health</c>.</summary>
    public static IReadOnlySet<string> Endpoints { get; } = Nodes<AttributeSyntax>().Where(
        attribute => attribute.Name.ToString() == "HttpTrigger")
        .SelectMany(
            attribute => attribute.ArgumentList!.Arguments.Where(argument => argument.NameEquals is null).Skip(1).Select(
                method => $"{Text(method.Expression)!.ToUpperInvariant()} /api/"
                    + Text(attribute.ArgumentList.Arguments.Single(argument
                        => argument.NameEquals?.Name.ToString() == "Route").Expression)))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Names of all functions.</summary>
    public static IReadOnlySet<string> Functions { get; } = Nodes<AttributeSyntax>().Where(attribute
        => attribute.Name.ToString() == "Function")
        .Select(attribute => Text(attribute.ArgumentList!.Arguments[0].Expression)).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>The phases a journey can be in.</summary>
    public static IReadOnlySet<string> Phases { get; } = Nodes<EnumDeclarationSyntax>().Single(type
        => type.Identifier.Text == "JourneyPhase")
        .Members.Select(member => member.Identifier.Text).ToHashSet(StringComparer.Ordinal);

    /// <summary>Functions that a timer starts, with their NCRONTAB expression.</summary>
    public static IReadOnlyDictionary<string, string> Timers { get; } = Nodes<AttributeSyntax>().Where(attribute
        => attribute.Name.ToString() == "TimerTrigger")
        .ToDictionary(
            attribute => Text(attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>()!.AttributeLists.SelectMany(list => list.Attributes)
                .Single(other => other.Name.ToString() == "Function").ArgumentList!.Arguments[0].Expression)!,
            attribute => Text(attribute.ArgumentList!.Arguments[0].Expression)!);

    /// <summary>Names in the vault of what functions/Secrets/SecretSettings.cs reads.</summary>
    public static IReadOnlySet<string> VaultSecrets { get; } = Nodes<ClassDeclarationSyntax>().Single(type
        => type.Identifier.Text == "SecretSettings")
        .Members.OfType<FieldDeclarationSyntax>().Where(field => field.Modifiers.Any(SyntaxKind.ConstKeyword))
        .SelectMany(field => field.Declaration.Variables).Select(variable
            => Text(variable.Initializer!.Value)!.Replace(":", "--", StringComparison.Ordinal)).ToHashSet();

    private static Dictionary<string, bool> FindSettings()
    {
        var settings = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var type in Nodes<TypeDeclarationSyntax>())
        {
            var section = type.Members.OfType<FieldDeclarationSyntax>().SelectMany(field => field.Declaration.Variables)
                .FirstOrDefault(variable => variable.Identifier.Text == "Section")?.Initializer?.Value;
            if (section is not LiteralExpressionSyntax { Token.ValueText: { } name })
                continue;
            foreach (var property in type.Members.OfType<PropertyDeclarationSyntax>().Where(IsSettable))
                settings[$"{name}:{property.Identifier.Text}"] = HasValue(property);
        }

        var read = Nodes<ElementAccessExpressionSyntax>()
            .Where(access => access.Expression.ToString().EndsWith("onfiguration", StringComparison.Ordinal))
            .Select(access => Text(access.ArgumentList.Arguments[0].Expression))
            .Concat(Nodes<InvocationExpressionSyntax>().Where(
                call => MethodName(call) == "GetValue" && call.Expression.ToString().Contains("onfiguration", StringComparison.Ordinal))
                .Select(call => Text(call.ArgumentList.Arguments[0].Expression)));
        foreach (var name in read.OfType<string>())
            settings.TryAdd(name, false);
        return settings;
    }

    /// <summary>A switch is off unless it is set, which the compiler's rules want unsaid.</summary>
    private static bool HasValue(PropertyDeclarationSyntax property)
        => property.Type.ToString() == "bool" || (property.Initializer is { Value: var value } && Text(value) is not "");

    /// <summary>What can be set, or filled as a dictionary is.</summary>
    private static bool IsSettable(PropertyDeclarationSyntax property) => property.Modifiers.Any(SyntaxKind.PublicKeyword)
        && !property.Modifiers.Any(SyntaxKind.StaticKeyword)
        && property.AccessorList?.Accessors.Any(
            accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration)
                || accessor.IsKind(SyntaxKind.InitAccessorDeclaration)
                || property.Type.ToString().StartsWith("Dictionary<", StringComparison.Ordinal)) == true;

    private static IEnumerable<T> Nodes<T>() where T : SyntaxNode => Roots.SelectMany(root => root.DescendantNodes().OfType<T>());

    private static string MethodName(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax { Name: GenericNameSyntax generic } => generic.Identifier.Text,
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        var expression => expression.ToString(),
    };

    /// <summary>A literal's text, or that of the constant it names.</summary>
    private static string? Text(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal => literal.Token.ValueText,
        LiteralExpressionSyntax => expression.ToString(),
        InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } } named =>
            named.ArgumentList.Arguments[0].ToString().Split('.')[^1],
        IdentifierNameSyntax or MemberAccessExpressionSyntax => Nodes<VariableDeclaratorSyntax>()
            .Where(
                variable => variable.Identifier.Text == expression.ToString().Split('.')[^1]
                    && variable.FirstAncestorOrSelf<FieldDeclarationSyntax>()?.Modifiers.Any(SyntaxKind.ConstKeyword) == true)
            .Select(
                variable => variable.Initializer?.Value is LiteralExpressionSyntax literal
                    ? literal.Token.ValueText
                    : null).FirstOrDefault(),
        _ => null,
    };
}
