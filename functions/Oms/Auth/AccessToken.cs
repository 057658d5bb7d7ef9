namespace OmsWorkflows.Oms;

/// <summary>A bearer token and when to stop using it. Prints as its type name only.</summary>
internal sealed record AccessToken(string Value, DateTimeOffset RefreshAt)
{
    public override string ToString() => nameof(AccessToken);
}
