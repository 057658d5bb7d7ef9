using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Keys;

namespace OmsWorkflows.Local.FunctionsHost.Http;

/// <summary>An HTTP function: its route, its methods and who may call it.</summary>
/// <param name="Function">As the worker declared it.</param>
/// <param name="Pattern">Its route, prefix included.</param>
/// <param name="Methods">In capitals; empty for all.</param>
/// <param name="Level">Which keys open it.</param>
internal sealed record HttpFunction(Function Function, string Pattern, IReadOnlyList<string> Methods, AuthLevel Level)
{
    /// <summary>The HTTP functions among these.</summary>
    /// <exception cref="StartRefusedException">The worker takes no HTTP requests, or a function has an unknown level.</exception>
    public static IReadOnlyList<HttpFunction> Among(IReadOnlyList<Function> functions, string routePrefix, Uri? httpUri)
    {
        var triggered = functions.Where(function => function.Trigger.Is(BindingTypes.HttpTrigger));
        var http = triggered.Select(function => From(function, routePrefix)).ToList();
        if (http.Count > 0 && httpUri is null)
        {
            var name = http[0].Function.Name;
            throw new StartRefusedException($"Function '{name}' has an httpTrigger: the app must call ConfigureFunctionsWebApplication().");
        }

        return http;
    }

    private static HttpFunction From(Function function, string routePrefix)
    {
        string[] parts = [routePrefix.Trim('/'), (function.Trigger.Text("route") ?? function.Name).Trim('/')];
        return new(
            function,
            string.Join('/', parts.Where(part => part.Length > 0)),
            [.. function.Trigger.Texts("methods").Select(method => method.ToUpperInvariant())],
            LevelOf(function));
    }

    /// <summary><c>function</c> if it names none.</summary>
    private static AuthLevel LevelOf(Function function)
    {
        var text = function.Trigger.Text("authLevel");
        if (string.IsNullOrEmpty(text))
            return AuthLevel.Function;

        return Enum.TryParse<AuthLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level)
            ? level
            : throw new StartRefusedException($"Function '{function.Name}' has authLevel '{text}'; served are anonymous, function, admin.");
    }
}
