using System.Text.Json.Serialization;

namespace OmsWorkflows.Local.Sandbox.Http;

/// <summary>A member that is wrong, and how.</summary>
internal sealed record ErrorDetail(string Field, string Issue);

/// <summary>The error body (docs/oms-api.md 3.3).</summary>
internal sealed record ErrorBody(
    string Code,
    string Message,
    string RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ErrorDetail>? Details);

/// <summary>A refusal. One factory per code of docs/oms-api.md 3.3, so that status, code and message stay together.</summary>
internal sealed class ApiException(int status, string code, string message, IReadOnlyList<ErrorDetail>? details = null) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public IReadOnlyList<ErrorDetail>? Details => details;

    public TimeSpan? RetryAfter { get; init; }

    public static ApiException Validation(params IReadOnlyList<ErrorDetail> details)
        => new(400, "validation_error", "The request is not valid.", details);

    public static ApiException Validation(string field, string issue) => Validation([new ErrorDetail(field, issue)]);

    public static ApiException KeyRequired() => new(400, "idempotency_key_required", "The Idempotency-Key header is required.");

    public static ApiException Unauthorized(string message = "The API key or secret is not valid.") => new(401, "unauthorized", message);

    public static ApiException TokenExpired() => new(401, "token_expired", "The access token has expired.");

    public static ApiException EndorsementRequired(IEnumerable<string> names) => new(403, "endorsement_required",
        "The customer lacks an active endorsement.", [.. names.Select(name => new ErrorDetail("endorsements", name))]);

    public static ApiException NotFound() => new(404, "not_found", "No such resource.");

    public static ApiException KeyReused() => new(409, "idempotency_key_reused", "This key was used with a different request.");

    public static ApiException InProgress() => new(409, "idempotency_in_progress", "The first request with this key is still running.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static ApiException InvalidState(string message, string status)
        => new(409, "invalid_state", message, [new ErrorDetail("status", status)]);

    public static ApiException CustomerInactive() => new(422, "customer_inactive", "The customer is not active.");

    public static ApiException InsufficientFunds() => new(422, "insufficient_funds", "The wallet balance is too low.");

    public static ApiException LimitExceeded() => new(422, "limit_exceeded", "The amount is outside the allowed range.");

    public static ApiException NotProvisioned() => new(422, "provider_account_not_provisioned", "provider account not provisioned");

    public static ApiException QuoteExpired() => new(422, "quote_expired", "The quote has expired.");

    public static ApiException UnsupportedAsset() => new(422, "unsupported_asset", "This asset and network pair is not supported.");

    public static ApiException RateLimited(TimeSpan retryAfter)
        => new(429, "rate_limited", "Too many requests.") { RetryAfter = retryAfter };

    /// <summary>The error OMS gives with a status and, when there are several, a code: for faults that name only those.</summary>
    public static ApiException ForStatus(int status, string? code, TimeSpan? retryAfter)
    {
        var told = code ?? status switch
        {
            400 => "validation_error",
            401 => "unauthorized",
            403 => "forbidden",
            404 => "not_found",
            409 => "invalid_state",
            422 => "compliance_hold",
            429 => "rate_limited",
            503 => "provider_unavailable",
            _ => "internal_error",
        };
        var message = told switch
        {
            "validation_error" => "The request is not valid.",
            "unauthorized" => "The access token is not valid.",
            "token_expired" => "The access token has expired.",
            "forbidden" => "Not allowed for this key.",
            "not_found" => "No such resource.",
            "idempotency_in_progress" => "The first request with this key is still running.",
            "compliance_required" => "More information is needed from the customer.",
            "compliance_hold" => "The operation is on hold.",
            "rate_limited" => "Too many requests.",
            "provider_unavailable" => "A provider did not answer.",
            "internal_error" => "Something went wrong.",
            _ => "Refused by a fault of the sandbox.",
        };
        return new ApiException(status, told, message) { RetryAfter = retryAfter };
    }
}
