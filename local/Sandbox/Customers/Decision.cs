namespace OmsWorkflows.Local.Sandbox.Customers;

/// <summary>How an evaluation ends.</summary>
internal enum DecisionKind
{
    Approve,
    Issues,
    Reject,
    Never,
}

/// <summary>A decision on endorsements; <see cref="Endorsements"/> limits it to some of them, the others are approved.</summary>
internal sealed record Decision(DecisionKind Kind)
{
    public static Decision Approve { get; } = new(DecisionKind.Approve);

    public IReadOnlyList<string>? Endorsements { get; init; }

    public IReadOnlyList<string> Missing { get; init; } = [];

    public IReadOnlyList<string> Issues { get; init; } = [];

    public IReadOnlyList<RejectionReason> Reasons { get; init; } = [];

    /// <summary>What is still asked for after some fields were supplied. An issue is settled by the field it starts with.</summary>
    public Decision After(IReadOnlySet<string> supplied)
    {
        if (Kind != DecisionKind.Issues)
            return this;
        var left = this with
        {
            Missing = [.. Missing.Where(field => !supplied.Contains(field))],
            Issues = [.. Issues.Where(issue => !supplied.Contains(issue.Split(' ')[0]))],
        };
        return left.Missing.Count + left.Issues.Count == 0 ? Approve : left;
    }

    public bool Concerns(string endorsement) => Endorsements is null || Endorsements.Contains(endorsement);
}

/// <summary>
/// Which decision a customer gets: its own, else the one for its external id, else the default. "Next" goes to the customer created next.
/// </summary>
internal sealed class Decisions
{
    private readonly Dictionary<string, Decision> _byKey = [];
    private readonly Queue<Decision> _next = new();

    public Decision Default { get; set; } = Decision.Approve;

    public void Set(string customerOrExternalId, Decision decision) => _byKey[customerOrExternalId] = decision;

    public void SetNext(Decision decision) => _next.Enqueue(decision);

    /// <summary>Gives a new customer what was kept for the next one.</summary>
    public void Created(Customer customer)
    {
        if (_next.TryDequeue(out var decision))
            _byKey[customer.Id] = decision;
    }

    public Decision For(Customer customer)
        => _byKey.GetValueOrDefault(customer.Id) ?? _byKey.GetValueOrDefault(customer.ExternalId ?? "") ?? Default;

    public void Clear()
    {
        _byKey.Clear();
        _next.Clear();
        Default = Decision.Approve;
    }
}
