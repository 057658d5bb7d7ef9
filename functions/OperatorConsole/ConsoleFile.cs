using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace OmsWorkflows.OperatorConsole;

/// <summary>One file of the console, compiled into the app.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">Changes with its bytes, so that a browser asks for them once per version of the app.</param>
internal sealed record ConsoleFile(byte[] Content, string ContentType, EntityTagHeaderValue ETag)
{
    /// <summary>Name of the page.</summary>
    public const string Page = "index.html";

    /// <summary>Name of the API document.</summary>
    public const string ApiDocument = "openapi.json";

    private const string Prefix = "console/";

    /// <summary>All of them, by name.</summary>
    public static FrozenDictionary<string, ConsoleFile> All { get; } = Read();

    private static FrozenDictionary<string, ConsoleFile> Read()
    {
        var app = typeof(ConsoleFile).Assembly;
        return app.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => Of(app, name), StringComparer.Ordinal);
    }

    private static ConsoleFile Of(Assembly app, string name)
    {
        using var resource = app.GetManifestResourceStream(name)!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return new(content, ContentTypeOf(name), new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\""));
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".json" => "application/json",
        var other => throw new InvalidOperationException($"The console has a file of a kind it cannot serve: {other}."),
    };
}
