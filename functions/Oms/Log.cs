using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Oms;

/// <summary>What the OMS client logs: routes, statuses, codes and request ids; never a body, a token or a query.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Exchanged the API key for an access token, good until {RefreshAt:O}")]
    public static partial void TokenExchanged(this ILogger logger, DateTimeOffset refreshAt);

    [LoggerMessage(1002, LogLevel.Error, "OMS refused the API key with {Status} (request {RequestId}): check Oms:ApiKey and Oms:ApiSecret")]
    public static partial void KeyRefused(this ILogger logger, int status, string? requestId);

    [LoggerMessage(1003, LogLevel.Information, "OMS answered 401: exchanging for a new access token")]
    public static partial void TokenRefused(this ILogger logger);

    [LoggerMessage(1004, LogLevel.Warning, "OMS call {Call} failed: {Code}, status {Status}, request {RequestId}, retryable {Retryable}, ambiguous {Ambiguous}")]
    public static partial void CallFailed(this ILogger logger, string call, string code, int? status, string? requestId, bool retryable, bool ambiguous);
}
