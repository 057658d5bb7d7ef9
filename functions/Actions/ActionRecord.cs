namespace OmsWorkflows.Actions;

/// <summary>Something a caller or an operator did. Ids and a ticket's number: who reads it finds the person elsewhere.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Action">What, such as <c>cancel</c> or <c>attach</c>.</param>
/// <param name="By">Who: an object id or application id of Entra ID, or <c>function key</c>.</param>
/// <param name="About">What it was about besides its subject, such as a transaction or an outcome.</param>
/// <param name="Reason">Why, in the person's words.</param>
/// <param name="Reference">The person's own reference, such as a ticket number.</param>
/// <param name="ProposedBy">Who proposed it, where it took two people.</param>
public sealed record ActionRecord(
    DateTimeOffset At,
    string Action,
    string By,
    string? About = null,
    string? Reason = null,
    string? Reference = null,
    string? ProposedBy = null);
