using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Http;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>One function that is called over HTTP.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its path, with the prefix of host.json.</param>
/// <param name="Method">Its method, in lower case.</param>
/// <param name="NeedsKey">Whether it asks for a key.</param>
/// <param name="Code">The method that serves it.</param>
internal sealed record HttpFunction(string Name, string Path, string Method, bool NeedsKey, MethodInfo Code);

/// <summary>The app's functions that are called over HTTP, as the code declares them.</summary>
internal static class Functions
{
    private const string Prefix = "/api/";

    /// <summary>All that belong to the API: not the console's files, and not this document.</summary>
    public static IReadOnlyList<HttpFunction> All { get; } =
    [
        .. typeof(Problems).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(Read)
            .Where(function => function.Code.DeclaringType!.Namespace != "OmsWorkflows.OperatorConsole")
            .OrderBy(function => function.Path, StringComparer.Ordinal).ThenBy(function => function.Method, StringComparer.Ordinal),
    ];

    private static IEnumerable<HttpFunction> Read(MethodInfo code)
    {
        var trigger = code.GetParameters().Where(parameter => parameter.ParameterType == typeof(HttpRequest))
            .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault();
        if (code.GetCustomAttribute<FunctionAttribute>() is not { } function || trigger is null)
            yield break;
        foreach (var method in trigger.Methods ?? [])
            yield return new(function.Name, Prefix + trigger.Route, method, trigger.AuthLevel != AuthorizationLevel.Anonymous, code);
    }
}
