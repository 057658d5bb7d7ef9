using System.Net;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Journeys;

/// <summary>
/// OMS understood a request and said no (docs/oms-api.md 3.3). A result of an activity, not an exception: trying again would change
/// nothing.
/// </summary>
/// <param name="Code">OMS's machine code, such as <c>limit_exceeded</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Fields">The fields OMS objected to; their texts are left out, because they may quote personal data.</param>
/// <param name="RequestId">OMS's id of the request.</param>
public sealed record Refusal(string Code, int Status, IReadOnlyList<string> Fields, string? RequestId)
{
    /// <summary>The app's own no to an orchestration that was started past it: what cannot be true cannot come true later.</summary>
    public static Refusal NoIntake { get; } = new(JourneyReasons.NoIntake.Code, Status: 0, [], RequestId: null);

    /// <summary>What stands in the way, if it is one thing at OMS, such as a customer.</summary>
    public string? ResourceId { get; init; }

    /// <summary>Whether OMS says the resource is past the state the request needs.</summary>
    public bool IsConflict => Status == (int)HttpStatusCode.Conflict;

    /// <summary>What a journey keeps of a refusal.</summary>
    public static Refusal Of(OmsRefusedException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(exception.Code, (int)(exception.StatusCode ?? default), exception.Fields, exception.RequestId);
    }

    /// <summary>The refusal as a reason for the caller.</summary>
    public JourneyReason ToReason(string detail) => Code == JourneyReasons.NoIntake.Code
        ? JourneyReasons.NoIntake
        : new(Code, detail) { Fields = Fields, RequestId = RequestId };
}
