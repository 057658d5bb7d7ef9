using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Http;

namespace OmsWorkflows.OperatorConsole;

/// <summary>
/// The operator console: a page and its few files. They hold no data and need no key; what they show comes from the API, which asks for
/// one.
/// </summary>
public sealed class ConsoleEndpoints
{
    /// <summary>Nothing but what this app serves runs, is shown or is called, and nobody frames it.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>Serves the page.</summary>
    [Function(nameof(GetConsole))]
    public static IResult GetConsole([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "console")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);

        // The page names its files relative to itself, which a slash at the end would break.
        return request.Path.Value is [.. var path, '/']
            ? Results.Redirect(path)
            : Serve(request, ConsoleFile.Page);
    }

    /// <summary>Serves one of the page's files.</summary>
    [Function(nameof(GetConsoleFile))]
    public static IResult GetConsoleFile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "console/{file}")] HttpRequest request, string file)
        => Serve(request, file);

    /// <summary>Serves the API document (OpenAPI 3.1); <c>console/docs.html</c> shows it to people.</summary>
    [Function(nameof(GetApiDocument))]
    public static IResult GetApiDocument([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request)
        => Serve(request, ConsoleFile.ApiDocument);

    private static IResult Serve(HttpRequest request, string name)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!ConsoleFile.All.TryGetValue(name, out var file))
        {
            return Problems.NotFound("file of the console");
        }

        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Results.Bytes(file.Content, file.ContentType, entityTag: file.ETag);
    }
}
