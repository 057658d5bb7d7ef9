using System.Net;

namespace OmsWorkflows.Oms;

/// <summary>
/// A call to OMS that did not succeed. The message says what was called, the status, code and request id; never what was sent or answered.
/// </summary>
public sealed class OmsException : Exception
{
    /// <summary>An exception with this message that says nothing else.</summary>
    public OmsException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>
    /// OMS's code (docs/oms-api.md 3.3), such as <c>invalid_state</c>, or one of the client's own: <c>no_answer</c>, <c>unreachable</c>,
    /// <c>circuit_open</c>, <c>unreadable_answer</c>, <c>key_refused</c>, <c>http_404</c> for an answer without a code.
    /// </summary>
    public required string Code { get; init; }

    /// <summary>OMS's id of the request, to quote to their support.</summary>
    public string? RequestId { get; init; }

    /// <summary>Whether the same request, with the same idempotency key, may succeed later.</summary>
    public bool IsRetryable { get; init; }

    /// <summary>
    /// Whether the request may have taken effect although it failed here: a write that was sent and got no definite answer. Look the
    /// resource up, or repeat with the same key and body; never start over with another key (docs/decisions/0003-idempotency-keys.md).
    /// </summary>
    public bool IsAmbiguous { get; init; }

    /// <summary>How long OMS asked to wait before the next attempt; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is wrong, field by field. OMS's words, which may quote personal data: for the caller, not for logs.</summary>
    public IReadOnlyList<OmsErrorDetail> Details { get; init; } = [];

    internal static OmsException NoAnswer(string call, bool ambiguous, Exception inner)
        => new($"OMS gave no answer to {call}.", inner) { Code = "no_answer", IsRetryable = true, IsAmbiguous = ambiguous };

    internal static OmsException Unreachable(string call, bool ambiguous, Exception inner)
        => new($"OMS could not be reached for {call}.", inner) { Code = "unreachable", IsRetryable = true, IsAmbiguous = ambiguous };

    internal static OmsException CircuitOpen(string call, bool ambiguous, TimeSpan? retryAfter, Exception inner)
        => new($"OMS was not called for {call}: too many calls failed just before.", inner)
        {
            Code = "circuit_open",
            IsRetryable = true,
            IsAmbiguous = ambiguous,
            RetryAfter = retryAfter,
        };

    internal static OmsException Unreadable(string call, bool ambiguous, Exception? inner)
        => new($"OMS's answer to {call} could not be read.", inner)
        {
            Code = "unreadable_answer",
            IsRetryable = true,
            IsAmbiguous = ambiguous,
        };

    internal static OmsException KeyRefused(OmsException inner)
        => new("OMS refused the API key. Check Oms:ApiKey and Oms:ApiSecret, and that they belong to Oms:BaseUrl.", inner)
        {
            Code = "key_refused",
            StatusCode = inner.StatusCode,
            RequestId = inner.RequestId,
        };

    internal static OmsException TooManyResults(string call)
        => new($"OMS lists more for {call} than is read. Narrow the question.") { Code = "too_many_results" };

    /// <summary>The same failure of a request an earlier attempt of which may have taken effect.</summary>
    internal OmsException AsAmbiguous()
        => new(Message, this)
        {
            StatusCode = StatusCode,
            Code = Code,
            RequestId = RequestId,
            IsRetryable = IsRetryable,
            IsAmbiguous = true,
            RetryAfter = RetryAfter,
            Details = Details,
        };
}

/// <summary>What is wrong with one field of a request (docs/oms-api.md 3.3).</summary>
/// <param name="Field">Path of the field in the request.</param>
/// <param name="Issue">What is wrong with it, in OMS's words.</param>
public sealed record OmsErrorDetail(string Field, string Issue);
