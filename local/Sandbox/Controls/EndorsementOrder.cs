using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>
/// An order on endorsements: for one customer (by its id, or by its external id also before it exists), for the next one created, or for
/// all from now on.
/// </summary>
internal sealed record EndorsementOrder(string Decision, string? CustomerId, string? ExternalId, bool Next, Decision Rule)
{
    private static readonly string[] Known = ["approve", "issues", "reject", "never", "revoke", "offboard"];
    private static readonly RejectionReason UsualReason = new("We could not verify your identity.", "identity_mismatch");

    public static EndorsementOrder Read(JsonBody body)
    {
        var decision = body.RequiredText("decision");
        if (decision.Length > 0 && !Known.Contains(decision))
            body.Wrong("decision", $"must be one of {string.Join(", ", Known)}");
        var (customerId, externalId, next) = (body.Text("customerId"), body.Text("externalId"), body.Bool("next") == true);
        if (decision is "revoke" or "offboard" && customerId is null)
            body.Wrong("customerId", "is required");
        var (missing, issues) = (body.Texts("missing"), body.Texts("issues"));
        if (missing is null && issues is null)
            (missing, issues) = (["identifyingInformation"], ["residentialAddress could not be matched"]);
        var reasons = body.Objects("reasons")
            ?.Select(reason => new RejectionReason(reason.RequiredText("reason"), reason.Text("developerReason") ?? ""))
            .ToList();
        var endorsements = body.Texts("endorsements");
        body.Check();
        var kind = Enum.TryParse<DecisionKind>(decision, ignoreCase: true, out var parsed) ? parsed : DecisionKind.Issues;
        var rule = new Decision(kind)
        {
            Endorsements = endorsements,
            Missing = missing ?? [],
            Issues = issues ?? [],
            Reasons = reasons ?? [UsualReason],
        };
        return new EndorsementOrder(decision, customerId, externalId, next, rule);
    }

    /// <summary>Call it holding the world's gate.</summary>
    public IResult Apply(World world, Decisions decisions, Evaluations evaluations)
    {
        if (CustomerId is not null)
        {
            var customer = World.Find(world.Customers, CustomerId);
            switch (Decision)
            {
                case "revoke":
                    evaluations.Withdraw(
                        customer, Rule.Endorsements, endorsement => endorsement.Revoke(customer.Requirements(), Rule.Issues));
                    break;
                case "offboard":
                    evaluations.Withdraw(customer, Rule.Endorsements, endorsement => endorsement.Offboard());
                    break;
                default:
                    decisions.Set(customer.Id, Rule);
                    evaluations.DecideAgain(customer);
                    break;
            }
            return Answer.Ok(customer.View(world.Wallets.Values));
        }

        if (ExternalId is not null)
            decisions.Set(ExternalId, Rule);
        else if (Next)
            decisions.SetNext(Rule);
        else
            decisions.Default = Rule;
        return Answer.Ok(new { decisions.Default });
    }
}
