using Microsoft.AspNetCore.Http;
using OmsWorkflows.Http;

namespace OmsWorkflows.Actions;

/// <summary>What an operator decides about money, and why.</summary>
/// <param name="Action">What is to be done, such as <c>attach</c>.</param>
/// <param name="Subject">To what: a transaction or a journey.</param>
/// <param name="About">The rest of the decision, such as the journey to attach to; the second person has to say the same.</param>
/// <param name="Actor">Who decides.</param>
/// <param name="Reference">The operator's own reference, such as a ticket number.</param>
/// <param name="Reason">Why.</param>
public sealed record Decision(string Action, string Subject, string? About, Actor Actor, string Reference, string Reason)
{
    /// <summary>Where people look for it too: the journey, when the subject is a transaction.</summary>
    public string? AlsoOf { get; init; }
}

/// <summary>What came of carrying out a decision.</summary>
/// <param name="Answer">What to answer.</param>
/// <param name="Kept">Whose decision stands: an earlier one's when it was carried out before.</param>
public sealed record CarriedOut(IResult Answer, DecidedBy Kept);

/// <summary>A decision that waits for a second person to say the same.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Subject">To what.</param>
/// <param name="About">The rest of the decision.</param>
/// <param name="By">Who proposed it.</param>
/// <param name="Reference">The proposer's own reference.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When it was proposed (UTC).</param>
/// <param name="ExpiresAt">Until when somebody else can confirm it (UTC).</param>
public sealed record PendingDecision(
    string Action,
    string Subject,
    string? About,
    string By,
    string Reference,
    string Reason,
    DateTimeOffset At,
    DateTimeOffset ExpiresAt);

/// <summary>Whose decision it is: what stands beside what was decided.</summary>
/// <param name="By">Who decided, the second person where it took two.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Reference">The operator's own reference, such as a ticket number.</param>
/// <param name="Reason">Why.</param>
/// <param name="ProposedBy">Who proposed it, where it took two people.</param>
public sealed record DecidedBy(string By, DateTimeOffset At, string Reference, string? Reason, string? ProposedBy = null);
