using Microsoft.AspNetCore.Http.Extensions;
using OmsWorkflows.Local.FunctionsHost.Durable;
using OmsWorkflows.Local.FunctionsHost.Keys;

namespace OmsWorkflows.Local.FunctionsHost.Http;

/// <summary>The HTTP interfaces of extensions: the Durable extension's start, query, raise, terminate, purge.</summary>
internal sealed class ManagementApi(WebHooks webHooks, HostKeys keys, WrongKeys wrongKeys)
{
    /// <summary>Headers that belong to a connection or that the server writes itself.</summary>
    private static readonly string[] NotCopied = ["Transfer-Encoding", "Connection", "Keep-Alive", "Date", "Server"];

    /// <summary>Passes the request to the extension; 401 without its key or the master key, 404 for an extension that has none.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var extension = (string)context.Request.RouteValues["extension"]!;
        if (!keys.AllowExtension(context.Request, extension))
        {
            await wrongKeys.RefuseAsync(context);
            return;
        }

        if (webHooks.Find(extension) is not { } handler)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var request = Request(context.Request);
        using var response = await handler.ConvertAsync(request, context.RequestAborted);
        await WriteAsync(response, context);
    }

    private static HttpRequestMessage Request(HttpRequest from)
    {
        var request = new HttpRequestMessage(new HttpMethod(from.Method), from.GetEncodedUrl()) { Content = new StreamContent(from.Body) };
        foreach (var (name, values) in from.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        return request;
    }

    private static async Task WriteAsync(HttpResponseMessage response, HttpContext context)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!NotCopied.Contains(name, StringComparer.OrdinalIgnoreCase))
                context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
