using System.Net;

namespace OmsWorkflows.Oms;

/// <summary>
/// A call to OMS that did not succeed: <see cref="OmsRefusedException"/> or <see cref="OmsNoAnswerException"/>. The message says what was
/// called, status, code and request id; never what was sent or answered. Anything else a call throws is a fault of this app.
/// </summary>
public abstract class OmsException : Exception
{
    private protected OmsException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What was called, without ids, such as <c>POST /cash-ins</c>.</summary>
    public required string Route { get; init; }

    /// <summary>OMS's code, such as <c>invalid_state</c>; the cause when OMS gave none (<see cref="OmsCause"/>).</summary>
    public required string Code { get; init; }

    /// <summary>OMS's id of the request, to quote to their support.</summary>
    public string? RequestId { get; init; }

    /// <summary>The HTTP status of a refusal; <see langword="null"/> for everything else, whatever status a gateway's page had.</summary>
    public virtual HttpStatusCode? StatusCode => null;
}

/// <summary>
/// OMS understood the request and said no, in its own error form (docs/oms-api.md 3.3). The same request would be refused again.
/// </summary>
public sealed class OmsRefusedException : OmsException
{
    /// <summary>A refusal.</summary>
    public OmsRefusedException(string message, HttpStatusCode status)
        : base(message, null)
        => StatusCode = status;

    /// <inheritdoc/>
    public override HttpStatusCode? StatusCode { get; }

    /// <summary>Paths of the fields OMS objected to. Its texts about them are not read: they may quote personal data.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>What a caller is told of it: OMS's code and request id, never its texts.</summary>
    public string ForCallers => $"OMS's code is {Code}, its request id {RequestId ?? "unknown"}.";

    /// <summary>Whether OMS itself says that there is no such thing. No other answer, a bare 404 included, is proof of that.</summary>
    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound;

    /// <summary>
    /// Whether OMS objects to the store that was named: its reference has aged, most often (docs/oms-api.md 6). It names the field, or says
    /// that there is no such location.
    /// </summary>
    public bool IsAboutTheStore
        => Fields.Any(path => path.Contains("location", StringComparison.OrdinalIgnoreCase))
            || (IsNotFound && Code.Contains("location", StringComparison.OrdinalIgnoreCase));
}

/// <summary>
/// OMS gave no answer that counts: nothing is known of what was asked, and a write may have taken effect. Ask again, with the same
/// idempotency key and the same values (docs/decisions/0003-idempotency-keys.md).
/// </summary>
public sealed class OmsNoAnswerException : OmsException
{
    /// <summary>No answer, for this reason.</summary>
    public OmsNoAnswerException(string message, OmsSilence silence, Exception? innerException = null)
        : base(message, innerException)
        => Silence = silence;

    /// <summary>What a journey keeps of it.</summary>
    public OmsSilence Silence { get; }
}
