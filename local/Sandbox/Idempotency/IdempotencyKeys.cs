using System.Security.Cryptography;
using System.Text;
using OmsWorkflows.Local.Sandbox.Auth;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Idempotency;

/// <summary>Enforces <c>Idempotency-Key</c> on POST and PUT, and gives the first answer again (docs/oms-api.md 3.1).</summary>
internal sealed class IdempotencyKeys(RequestDelegate next, IdempotencyStore store)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var method = context.Request.Method;
        if ((!HttpMethods.IsPost(method) && !HttpMethods.IsPut(method)) || ApiPath.IsTokenExchange(context))
        {
            await next(context);
            return;
        }

        var owner = (string)context.Items[BearerTokens.OwnerKey]!;
        var key = Key(context.Request);
        var hash = await HashAsync(context.Request);
        if (store.Begin(owner, key, hash) is { } first)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
            await WriteAsync(context, first);
            return;
        }

        StoredAnswer? answer = null;
        var (target, aborted) = (context.Response.Body, context.RequestAborted);
        // What has begun is finished and remembered, even when the caller has gone: the effect may be stored already.
        context.RequestAborted = CancellationToken.None;
        try
        {
            using var buffer = new MemoryStream();
            context.Response.Body = buffer;
            try
            {
                await next(context);
            }
            catch (ApiException e)
            {
                await Errors.WriteAsync(context, e);
            }
            answer = new StoredAnswer(context.Response.StatusCode, context.Response.ContentType, buffer.ToArray());
        }
        finally
        {
            context.Response.Body = target;
            context.RequestAborted = aborted;
            store.End(owner, key, answer);
        }
        await WriteAsync(context, answer);
    }

    private static string Key(HttpRequest request)
    {
        var values = request.Headers["Idempotency-Key"];
        if (values.Count == 0 || string.IsNullOrEmpty(values[0]))
            throw ApiException.KeyRequired();
        if (values is not [{ Length: <= 255 } key] || key.Any(character => character is < ' ' or > '~'))
            throw ApiException.Validation("Idempotency-Key", "must be one value of 1 to 255 printable ASCII characters");
        return key;
    }

    private static async Task<string> HashAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(body.ToArray());
        body.Position = 0;
        request.Body = body;
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static async Task WriteAsync(HttpContext context, StoredAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
