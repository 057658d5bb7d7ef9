using System.Net;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Journeys;

/// <summary>OMS understood a request and said no (OMS API 3.3). A result of an activity, not an exception: trying again would change nothing.</summary>
/// <param name="Code">OMS's machine code, such as <c>limit_exceeded</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Fields">The fields OMS objected to; their texts are left out, because they may quote personal data.</param>
/// <param name="RequestId">OMS's id of the request.</param>
public sealed record Refusal(string Code, int Status, IReadOnlyList<string> Fields, string? RequestId)
{
    /// <summary>Whether OMS says the resource is past the state the request needs.</summary>
    public bool IsConflict => Status == (int)HttpStatusCode.Conflict;

    /// <summary>Reads a refusal from an exception; null for what is none and is tried again: time-outs, 5xx, 429 and unclear answers.</summary>
    public static Refusal? From(OmsException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var isRefusal = !exception.IsRetryable && !exception.IsAmbiguous && exception.StatusCode
            is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.Unauthorized;
        if (!isRefusal)
            return null;

        IReadOnlyList<string> fields = [.. exception.Details.Select(detail => detail.Field)];
        return new(exception.Code, (int?)exception.StatusCode ?? 0, fields, exception.RequestId);
    }

    /// <summary>The refusal as a reason for the caller.</summary>
    public JourneyReason ToReason(string detail) => new(Code, detail) { Fields = Fields, RequestId = RequestId };
}
