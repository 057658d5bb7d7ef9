using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Http;

/// <summary>
/// The answers to requests that cannot be served (RFC 9457). Each kind has a stable type, a title that says what is wrong, and a detail
/// that says what to do. They never repeat what was sent.
/// </summary>
public static class Problems
{
    private const string TypePrefix = "urn:oms-workflows:problem:";

    /// <summary>400: fields are missing or wrong.</summary>
    /// <param name="errors">What is wrong, by path of the field in the request, such as <c>applicant.birthDate</c>.</param>
    public static IResult Validation(IReadOnlyDictionary<string, string[]> errors)
        => Of(
            StatusCodes.Status400BadRequest,
            "validation",
            "The request is not valid",
            "Correct the fields named in 'errors' and send it again.",
            new Dictionary<string, object?> { ["errors"] = errors });

    /// <summary>400: one field is missing or wrong.</summary>
    /// <param name="field">Its path in the request.</param>
    /// <param name="issue">What is wrong with it.</param>
    public static IResult Validation(string field, string issue) => Validation(new Dictionary<string, string[]> { [field] = [issue] });

    /// <summary>400: the body is not JSON of the expected form.</summary>
    public static IResult MalformedBody(string detail = "Send a JSON object in UTF-8.")
        => Of(StatusCodes.Status400BadRequest, "malformed-body", "The body cannot be read", detail);

    /// <summary>401: who calls could not be established.</summary>
    public static IResult Unauthorized(string detail)
        => Of(StatusCodes.Status401Unauthorized, "unauthorized", "The request is not authorised", detail);

    /// <summary>403: who calls is known, and may not do this.</summary>
    public static IResult RoleMissing(string detail)
        => Of(StatusCodes.Status403Forbidden, "role-missing", "The role for this is missing", detail);

    /// <summary>404: no such thing.</summary>
    /// <param name="what">What was asked for, such as "cash-in".</param>
    public static IResult NotFound(string what)
        => Of(StatusCodes.Status404NotFound, "not-found", $"There is no such {what}", "Check the id; ids are case-sensitive.");

    /// <summary>409: the request contradicts what is.</summary>
    /// <param name="type">Stable kind of the contradiction, in lower case with dashes, such as <c>already-finished</c>.</param>
    public static IResult Conflict(string type, string title, string detail) => Of(StatusCodes.Status409Conflict, type, title, detail);

    /// <summary>413: the body is too large.</summary>
    /// <param name="maxBytes">How many bytes it may have.</param>
    public static IResult TooLarge(long maxBytes)
        => Of(StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is too large", $"Send at most {maxBytes} bytes.");

    /// <summary>415: the body is of another type.</summary>
    public static IResult UnsupportedMediaType()
        => Of(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body is of a type that is not read here",
            "Send JSON in UTF-8, with Content-Type: application/json.");

    /// <summary>422: OMS refused for a reason that only the caller can mend.</summary>
    /// <param name="type">Stable kind, in lower case with dashes.</param>
    public static IResult Refused(string type, string title, string detail)
        => Of(StatusCodes.Status422UnprocessableEntity, type, title, detail);

    /// <summary>502: OMS did not do its part.</summary>
    public static IResult OmsFailed(string detail)
        => Of(StatusCodes.Status502BadGateway, "oms-failed", "OMS could not serve the request", detail);

    /// <summary>503: something this app needs does not answer.</summary>
    public static IResult Unavailable(string detail)
        => Of(StatusCodes.Status503ServiceUnavailable, "unavailable", "The app cannot serve the request now", detail);

    /// <summary>503: as many requests are being served as can be.</summary>
    public static IResult TooBusy()
        => Of(
            StatusCodes.Status503ServiceUnavailable,
            "too-busy",
            "The app serves as many requests as it can",
            "Nothing was done: repeat the request after the seconds in Retry-After, with the same Idempotency-Key.");

    /// <summary>Any other problem.</summary>
    /// <param name="type">Stable kind, in lower case with dashes.</param>
    /// <param name="extensions">Further members.</param>
    public static IResult Of(int status, string type, string title, string detail, IReadOnlyDictionary<string, object?>? extensions = null)
        => Results.Problem(detail: detail, statusCode: status, title: title, type: TypePrefix + type,
            extensions: extensions is null ? null : [.. extensions]);
}
