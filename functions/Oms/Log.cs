using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Oms;

/// <summary>
/// What the OMS client logs: routes, statuses, codes, causes and request ids; never a body, a token, a query, or a text of OMS.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Exchanged the API key for an access token, good until {RefreshAt:O}")]
    public static partial void TokenExchanged(this ILogger logger, DateTimeOffset refreshAt);

    public static void KeyRefused(this ILogger logger, int? status, string? requestId)
        => logger.KeyRefused(Said(status), Said(requestId));

    [LoggerMessage(1002, LogLevel.Error, "OMS refused the API key with {Status} (request {RequestId}): check Oms:ApiKey and Oms:ApiSecret")]
    private static partial void KeyRefused(this ILogger logger, string status, string requestId);

    [LoggerMessage(1003, LogLevel.Information, "OMS answered 401: exchanging for a new access token")]
    public static partial void TokenRefused(this ILogger logger);

    public static void Refused(this ILogger logger, string route, int? status, string code, string? requestId)
        => logger.Refused(route, Said(status), code, Said(requestId));

    [LoggerMessage(1005, LogLevel.Warning, "OMS refused {Route}: status {Status}, code {Code}, request {RequestId}")]
    private static partial void Refused(this ILogger logger, string route, string status, string code, string requestId);

    public static void NoAnswer(
        this ILogger logger, string route, string cause, string detail, int? status, string code, string? requestId, TimeSpan? retryAfter)
        => logger.NoAnswer(route, cause, detail, Said(status), code, Said(requestId), Said(retryAfter));

    [LoggerMessage(
        1004,
        LogLevel.Warning,
        "OMS gave no answer that counts to {Route}: {Cause} ({Detail}), status {Status}, code {Code}, request {RequestId}, "
        + "asked to wait {RetryAfter}")]
    private static partial void NoAnswer(
        this ILogger logger, string route, string cause, string detail, string status, string code, string requestId, string retryAfter);

    /// <summary>What is not known is said in a word.</summary>
    private static string Said(object? value)
        => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } said ? said : "none";
}
