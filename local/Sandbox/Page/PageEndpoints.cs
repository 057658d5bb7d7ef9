using System.Reflection;
using Microsoft.AspNetCore.StaticFiles;

namespace OmsWorkflows.Local.Sandbox.Page;

/// <summary>
/// The page for people at <c>/</c>: a till and a control room. Its files are part of the program; nothing comes from elsewhere.
/// </summary>
internal static class PageEndpoints
{
    private const string Folder = "page/";
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    public static void MapPage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpContext context) => File(context, "index.html"));
        app.MapGet("/page/{name}", (string name, HttpContext context) => File(context, name));
    }

    private static IResult File(HttpContext context, string name)
    {
        // A name is looked up among the resources, so it can lead nowhere else.
        if (Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name) is not { } content)
            return Results.NotFound();
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        var contentType = ContentTypes.TryGetContentType(name, out var known) ? known : "application/octet-stream";
        return Results.Stream(
            content, contentType.StartsWith("text/", StringComparison.Ordinal) ? $"{contentType}; charset=utf-8" : contentType);
    }
}
