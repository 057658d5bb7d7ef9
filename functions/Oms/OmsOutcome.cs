using System.Net;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace OmsWorkflows.Oms;

/// <summary>
/// The one place that decides what became of a call: refused, or not an answer (docs/oms-api.md 3.3). A success is not decided here but by
/// whoever reads what was asked for (<see cref="OmsCalls"/>).
/// </summary>
internal static class OmsOutcome
{
    private const string RequestIdHeader = "X-Request-Id";
    private const int TooEarly = 425;

    /// <summary>What an answer means; <see langword="null"/> for a success.</summary>
    public static async Task<OmsException?> OfAsync(
        HttpRequestMessage request, HttpResponseMessage response, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        var status = response.StatusCode;
        var error = OmsErrorReader.Read(status, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var requestId = error?.RequestId ?? RequestIdOf(response);
        var cause = Cause(request, status, error);
        return cause is null
            ? Refused(OmsRequest.RouteOf(request), status, error!, requestId)
            : NoAnswer(
                new OmsSilence(cause, RetryAfter.Of(response, clock), OmsRequest.RouteOf(request), (int)status, requestId), error?.Code);
    }

    /// <summary>What an attempt or a call without an answer means; <see langword="null"/> for a fault of this app.</summary>
    public static OmsNoAnswerException? Of(HttpRequestMessage request, Exception exception)
    {
        var cause = exception switch
        {
            BrokenCircuitException => OmsCause.CircuitOpen,
            TimeoutRejectedException or OperationCanceledException => OmsCause.TimeOut,
            HttpRequestException e => Cause(e.HttpRequestError),
            _ => null,
        };
        return cause is null
            ? null
            : NoAnswer(
                new OmsSilence(cause, (exception as BrokenCircuitException)?.RetryAfter, OmsRequest.RouteOf(request), null, null),
                code: null, exception);
    }

    /// <summary>OMS's id of the request, from the answer's header.</summary>
    public static string? RequestIdOf(HttpResponseMessage response)
        => response.Headers.TryGetValues(RequestIdHeader, out var ids) ? OmsErrorReader.RequestId(ids.FirstOrDefault()) : null;

    /// <summary>The exception of a silence.</summary>
    public static OmsNoAnswerException NoAnswer(OmsSilence silence, string? code = null, Exception? inner = null)
    {
        var hint = silence.Cause == OmsCause.CredentialsRefused
            ? " Check Oms:ApiKey and Oms:ApiSecret, and that they belong to Oms:BaseUrl."
            : "";
        var message = $"OMS gave no answer that counts to {silence.Route}: {silence.Cause}, status {silence.Status?.ToString() ?? "none"}, "
            + $"code {code ?? "none"} (request {silence.RequestId ?? "without id"}).{hint}";
        return new OmsNoAnswerException(message, silence, inner)
        {
            Route = silence.Route,
            Code = code ?? silence.Cause,
            RequestId = silence.RequestId,
        };
    }

    private static OmsRefusedException Refused(string route, HttpStatusCode status, OmsError error, string? requestId)
        => new($"OMS refused {route} with {(int)status} {error.Code} (request {requestId ?? "without id"}).", status)
        {
            Route = route,
            Code = error.Code,
            RequestId = requestId,
            Fields = error.Fields,
        };

    /// <summary>Why an answer does not count; <see langword="null"/> when it is a refusal.</summary>
    private static string? Cause(HttpRequestMessage request, HttpStatusCode status, OmsError? error) => (int)status switch
    {
        >= 500 => OmsCause.ServerError,
        (int)HttpStatusCode.TooManyRequests => OmsCause.RateLimited,
        (int)HttpStatusCode.RequestTimeout or TooEarly => OmsCause.TryLater,
        (int)HttpStatusCode.Unauthorized => OmsCause.CredentialsRefused,
        >= 400 when OmsRequest.IsTokenExchange(request) => error is null && status != HttpStatusCode.Forbidden
            ? OmsCause.GatewayPage
            : OmsCause.CredentialsRefused,
        >= 400 when error is not null && RefusalCodes.IsRefusal(status, error.Code) => null,
        (int)HttpStatusCode.Conflict when error is not null => OmsCause.TryLater,
        >= 400 when error is not null => OmsCause.UnclearRefusal,
        _ => OmsCause.GatewayPage,
    };

    private static string Cause(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError => OmsCause.Unreachable,
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => OmsCause.Unreadable,
        _ => OmsCause.ConnectionLost,
    };
}
