namespace OmsWorkflows.Local.Sandbox.Customers;

/// <summary>Names of endorsements (docs/oms-api.md 4.3).</summary>
internal static class EndorsementNames
{
    public const string Basic = "basic";
    public const string CryptoCustody = "cryptoCustody";
    public const string Usd = "usd";

    public static IReadOnlyList<string> All { get; } = [Basic, CryptoCustody, Usd];
}

/// <summary>States of an endorsement; the wire names are upper case.</summary>
internal enum EndorsementStatus
{
    Inactive,
    Pending,
    Issues,
    Active,
    Rejected,
    RevokedIssues,
    Offboarded,
}

/// <summary>One endorsement of one customer.</summary>
internal sealed class Endorsement(string name)
{
    public string Name => name;

    public EndorsementStatus Status { get; private set; } = EndorsementStatus.Inactive;

    public IReadOnlyList<string> Complete { get; private set; } = [];

    public IReadOnlyList<string> Pending { get; private set; } = [];

    public IReadOnlyList<string> Missing { get; private set; } = [];

    public IReadOnlyList<string> Issues { get; private set; } = [];

    public IReadOnlyList<RejectionReason> RejectionReasons { get; private set; } = [];

    /// <summary>The moves of docs/oms-api.md 4.3 and, for a changed customer, 4.4.</summary>
    public static bool CanMove(EndorsementStatus from, EndorsementStatus to) => (from, to) switch
    {
        (EndorsementStatus.Inactive, EndorsementStatus.Pending) => true,
        (EndorsementStatus.Pending, EndorsementStatus.Active or EndorsementStatus.Issues or EndorsementStatus.Rejected) => true,
        (EndorsementStatus.Active, EndorsementStatus.Pending or EndorsementStatus.RevokedIssues or EndorsementStatus.Offboarded) => true,
        (EndorsementStatus.Issues or EndorsementStatus.Rejected or EndorsementStatus.RevokedIssues, EndorsementStatus.Pending) => true,
        _ => false,
    };

    public void Request(IReadOnlyList<string> requirements)
    {
        Move(EndorsementStatus.Pending);
        Set(pending: requirements);
    }

    public void Grant(IReadOnlyList<string> requirements)
    {
        Move(EndorsementStatus.Active);
        Set(complete: requirements);
    }

    public void AskFor(IReadOnlyList<string> requirements, IReadOnlyList<string> missing, IReadOnlyList<string> issues)
    {
        Move(EndorsementStatus.Issues);
        Set(complete: [.. requirements.Except(missing)], missing: missing, issues: issues);
    }

    public void Reject(IReadOnlyList<string> requirements, IReadOnlyList<RejectionReason> reasons)
    {
        Move(EndorsementStatus.Rejected);
        Set(complete: requirements, reasons: reasons);
    }

    public void Revoke(IReadOnlyList<string> requirements, IReadOnlyList<string> issues)
    {
        Move(EndorsementStatus.RevokedIssues);
        Set(complete: requirements, issues: issues);
    }

    public void Offboard()
    {
        Move(EndorsementStatus.Offboarded);
        Set();
    }

    public EndorsementView View()
        => new(Name, WireName(Status), new RequirementsView(Complete, Pending, Missing, Issues), RejectionReasons);

    public static string WireName(EndorsementStatus status)
        => status == EndorsementStatus.RevokedIssues ? "REVOKED_ISSUES" : status.ToString().ToUpperInvariant();

    private void Move(EndorsementStatus to)
    {
        if (!CanMove(Status, to))
            throw new InvalidOperationException($"Endorsement {Name} cannot go from {WireName(Status)} to {WireName(to)}.");
        Status = to;
    }

    private void Set(
        IReadOnlyList<string>? complete = null, IReadOnlyList<string>? pending = null, IReadOnlyList<string>? missing = null,
        IReadOnlyList<string>? issues = null, IReadOnlyList<RejectionReason>? reasons = null)
        => (Complete, Pending, Missing, Issues, RejectionReasons)
            = (complete ?? [], pending ?? [], missing ?? [], issues ?? [], reasons ?? []);
}

/// <summary>Why an endorsement was refused: a text for the person, and one for the developer.</summary>
internal sealed record RejectionReason(string Reason, string DeveloperReason);

/// <summary>What an endorsement needs, by state.</summary>
internal sealed record RequirementsView(
    IReadOnlyList<string> Complete, IReadOnlyList<string> Pending, IReadOnlyList<string> Missing, IReadOnlyList<string> Issues);

/// <summary>The endorsement object (docs/oms-api.md 4.2).</summary>
internal sealed record EndorsementView(
    string Name, string Status, RequirementsView Requirements, IReadOnlyList<RejectionReason> RejectionReasons);
