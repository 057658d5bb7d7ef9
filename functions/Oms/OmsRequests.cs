using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace OmsWorkflows.Oms;

/// <summary>
/// One request, one outcome: an answer, or an <see cref="OmsException"/> that says whether the request may have taken effect.
/// </summary>
internal static class OmsRequests
{
    /// <summary>Exchanging a key changes nothing anybody would have to look up.</summary>
    public const string TokenRoute = "/auth/token";

    private const string RequestIdHeader = "X-Request-Id";

    private static readonly HttpRequestOptionsKey<string> RouteKey = new("oms.route");
    private static readonly HttpRequestOptionsKey<bool> UnansweredKey = new("oms.unanswered");

    /// <param name="path">Path below the version, and query.</param>
    /// <param name="route">The path without ids, for messages and logs.</param>
    public static HttpRequestMessage Create(HttpMethod method, string path, string route)
    {
        var request = new HttpRequestMessage(method, path);
        request.Options.Set(RouteKey, route);
        return request;
    }

    /// <summary>A body that is serialised once, so that every attempt sends the same bytes.</summary>
    public static ByteArrayContent Body<T>(T value, JsonTypeInfo<T> type)
        => new(JsonSerializer.SerializeToUtf8Bytes(value, type))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };

    /// <summary>What was called, for messages.</summary>
    public static string Describe(HttpRequestMessage request)
        => $"{request.Method} {RouteOf(request)}";

    /// <summary>The path without ids.</summary>
    public static string? RouteOf(HttpRequestMessage request) => request.Options.TryGetValue(RouteKey, out var route) ? route : null;

    /// <summary>Notes that an attempt may have reached OMS without a definite answer.</summary>
    public static void MarkUnanswered(HttpRequestMessage request) => request.Options.Set(UnansweredKey, true);

    /// <summary>Whether an attempt that ended so may have taken effect: sent, and no definite answer.</summary>
    public static bool IsIndefinite(HttpResponseMessage? response, Exception? exception) => exception switch
    {
        null => response is null || (int)response.StatusCode >= 500 || response.StatusCode == HttpStatusCode.RequestTimeout,
        HttpRequestException e => !IsBeforeSending(e.HttpRequestError),
        TimeoutRejectedException => true,
        ExecutionRejectedException => false,
        _ => true,
    };

    private static bool IsBeforeSending(HttpRequestError error)
        => error is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
        or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    public static async Task<T> SendAsync<T>(
        HttpClient client,
        HttpRequestMessage request,
        JsonTypeInfo<T> type,
        Func<OmsException, OmsException> explain,
        CancellationToken cancellationToken)
    {
        using var response = await AnswerAsync(client, request, explain, cancellationToken);
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException)
        {
            // The parser's message quotes the answer: it stays behind.
            throw OmsException.Unreadable(Describe(request), IsWrite(request), inner: null);
        }
    }

    public static async Task SendAsync(
        HttpClient client, HttpRequestMessage request, Func<OmsException, OmsException> explain, CancellationToken cancellationToken)
    {
        using var response = await AnswerAsync(client, request, explain, cancellationToken);
    }

    private static async Task<HttpResponseMessage> AnswerAsync(
        HttpClient client, HttpRequestMessage request, Func<OmsException, OmsException> explain, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw explain(Failed(request, e));
        }
        catch (OmsException e) when (WasUnanswered(request) && !e.IsAmbiguous)
        {
            // The token could not be renewed between two attempts of a write.
            throw explain(e.AsAmbiguous());
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw explain(await RefusedAsync(request, response, cancellationToken));
    }

    private static OmsException Failed(HttpRequestMessage request, Exception exception)
    {
        var call = Describe(request);
        var ambiguous = WasUnanswered(request) || (IsWrite(request) && IsIndefinite(null, exception));
        return exception switch
        {
            BrokenCircuitException open => OmsException.CircuitOpen(call, ambiguous, open.RetryAfter, open),
            _ when IsIndefinite(null, exception) => OmsException.NoAnswer(call, ambiguous, exception),
            _ => OmsException.Unreachable(call, ambiguous, exception),
        };
    }

    private static async Task<OmsException> RefusedAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        var error = OmsErrorReader.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var code = error.Code ?? $"http_{(int)status}";
        var requestId = error.RequestId ?? (response.Headers.TryGetValues(RequestIdHeader, out var ids) ? ids.FirstOrDefault() : null);
        // A business answer settles what an earlier attempt left open: it is about the same key. These do not look at the key.
        var settles = status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests)
            && code is not "idempotency_in_progress";
        return new OmsException($"OMS answered {(int)status} {code} to {Describe(request)} (request {requestId ?? "without id"}).")
        {
            StatusCode = status,
            Code = code,
            RequestId = requestId,
            IsRetryable = OmsErrorReader.IsRetryable(status, error.Code),
            IsAmbiguous = (!settles && WasUnanswered(request))
                || (IsWrite(request) && (IsIndefinite(response, null) || code is "idempotency_in_progress")),
            RetryAfter = OmsResilience.RetryAfter(response),
            Details = error.Details,
        };
    }

    private static bool IsWrite(HttpRequestMessage request)
        => request.Method != HttpMethod.Get && RouteOf(request) != TokenRoute;

    private static bool WasUnanswered(HttpRequestMessage request)
        => IsWrite(request) && request.Options.TryGetValue(UnansweredKey, out var unanswered) && unanswered;
}
