using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>An answer that is made but not sent: status and headers stand on the response, the body is held back.</summary>
internal sealed class CallAnswer(HttpContext context, byte[] body)
{
    private readonly Lazy<JsonNode?> _json = new(() => JsonEdits.Parse(body));

    public byte[] Body => body;

    public JsonNode? Json => _json.Value;

    /// <summary>Does what was asked for and holds the answer back.</summary>
    public static Task<CallAnswer> CarryOutAsync(HttpContext context, RequestDelegate next) => HoldAsync(context, async () =>
    {
        try
        {
            await next(context);
        }
        catch (ApiException e)
        {
            await Errors.WriteAsync(context, e);
        }
    });

    /// <summary>What a fault puts in place of the answer. Nothing of a lost answer shows on it.</summary>
    public static async Task<CallAnswer> InPlaceAsync(HttpContext context, FaultRule fault, DateTimeOffset now)
    {
        var response = context.Response;
        var requestId = response.Headers["X-Request-Id"];
        response.Headers.Clear();
        var answer = await HoldAsync(context, () =>
        {
            switch (fault.Fault)
            {
                case FaultKind.Status:
                    response.Headers["X-Request-Id"] = requestId;
                    return Errors.WriteAsync(context, ApiException.ForStatus(fault.Status ?? 503, fault.Code, null));
                case FaultKind.GatewayPage:
                    (response.StatusCode, response.ContentType) = (fault.Status ?? 502, "text/html");
                    return response.WriteAsync(GatewayPage(response.StatusCode));
                default:
                    (response.StatusCode, response.ContentType) = (fault.Status ?? 200, "application/json");
                    return response.Body.WriteAsync(fault.Body).AsTask();
            }
        });
        if (fault.RetryAfter is { } wait)
            response.Headers.RetryAfter = RetryAfter(wait, fault.RetryAfterAsDate, now);
        SetHeaders(response, fault);
        return answer;
    }

    public CallAnswer Edit(FaultRule fault) => new(context, JsonEdits.Apply(body, fault.Edits));

    public CallAnswer Garble(FaultRule fault)
    {
        SetHeaders(context.Response, fault);
        if (fault.Status is { } status)
            context.Response.StatusCode = status;
        return new CallAnswer(context, Garbling.Spoil(body, fault));
    }

    public async Task SendAsync()
    {
        // Without a body the status is left as it is: routing may still put its own answer there.
        if (body.Length == 0)
            return;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task<CallAnswer> HoldAsync(HttpContext context, Func<Task> write)
    {
        var (target, held) = (context.Response.Body, new MemoryStream());
        context.Response.Body = held;
        try
        {
            await write();
        }
        finally
        {
            context.Response.Body = target;
        }
        context.Response.ContentLength = null;
        return new CallAnswer(context, held.ToArray());
    }

    private static void SetHeaders(HttpResponse response, FaultRule fault)
    {
        foreach (var (name, value) in fault.Headers)
        {
            if (value.Length == 0)
                response.Headers.Remove(name);
            else
                response.Headers[name] = value;
        }
    }

    private static string RetryAfter(TimeSpan wait, bool asDate, DateTimeOffset now) => asDate
        ? (now + wait).ToString("R", CultureInfo.InvariantCulture)
        : ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string GatewayPage(int status)
    {
        var title = WebUtility.HtmlEncode($"{status} {(status == 425 ? "Too Early" : ReasonPhrases.GetReasonPhrase(status))}");
        return $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n";
    }
}

/// <summary>Spoils the bytes of a body.</summary>
internal static class Garbling
{
    public static byte[] Spoil(byte[] body, FaultRule fault)
    {
        var left = fault.Truncate is { } length ? body[..Math.Min(length, body.Length)] : body;
        return fault.Bom ? [.. Encoding.UTF8.Preamble, .. left] : left;
    }
}
