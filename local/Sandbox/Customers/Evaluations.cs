using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Customers;

/// <summary>Asks for endorsements, decides on them a while later, and tells the receivers (docs/oms-api.md 4.3, 4.4).</summary>
internal sealed class Evaluations(
    World world, Agenda agenda, SandboxClock clock, SandboxOptions options, Decisions decisions, Announcer announcer)
{
    /// <summary>
    /// Puts these endorsements under review. Those that are under review already stay so; offboarded ones are lost for good.
    /// </summary>
    public void Request(Customer customer, IEnumerable<string> names)
    {
        var requested = new List<Endorsement>();
        foreach (var name in names.Distinct())
        {
            var endorsement = customer.Endorsements.FirstOrDefault(known => known.Name == name);
            if (endorsement is null)
                customer.Endorsements.Add(endorsement = new Endorsement(name));
            if (!Endorsement.CanMove(endorsement.Status, EndorsementStatus.Pending))
                continue;
            endorsement.Request(customer.Requirements());
            requested.Add(endorsement);
        }
        announcer.EndorsementsChanged(customer, requested);
        if (!customer.Endorsements.Any(endorsement => endorsement.Status == EndorsementStatus.Pending))
            return;
        var evaluation = ++customer.Evaluation;
        agenda.At(clock.Now + options.EndorsementDelay, () =>
        {
            lock (world.Gate)
                if (customer.Evaluation == evaluation)
                    Decide(customer);
        });
    }

    /// <summary>Decides now on all that is under review.</summary>
    public void Decide(Customer customer)
    {
        var decision = decisions.For(customer).After(customer.SuppliedSinceIssues);
        var decided = new List<Endorsement>();
        foreach (var endorsement in customer.Endorsements.Where(endorsement => endorsement.Status == EndorsementStatus.Pending))
        {
            var requirements = customer.Requirements();
            switch (decision.Concerns(endorsement.Name) ? decision.Kind : DecisionKind.Approve)
            {
                case DecisionKind.Approve: endorsement.Grant(requirements); break;
                case DecisionKind.Issues: endorsement.AskFor(requirements, decision.Missing, decision.Issues); break;
                case DecisionKind.Reject: endorsement.Reject(requirements, decision.Reasons); break;
                case DecisionKind.Never: continue;
            }
            decided.Add(endorsement);
        }
        if (decided.Count == 0)
            return;
        customer.Touch(clock.Now);
        announcer.EndorsementsChanged(customer, decided);
    }

    /// <summary>A decision made by hand takes effect at once: what can be reviewed again is, and what is active is left alone.</summary>
    public void DecideAgain(Customer customer)
    {
        customer.SuppliedSinceIssues.Clear();
        foreach (var endorsement in customer.Endorsements.Where(known => IsOpenAgain(known.Status)))
            endorsement.Request(customer.Requirements());
        customer.Evaluation++;
        Decide(customer);
    }

    private static bool IsOpenAgain(EndorsementStatus status)
        => status is EndorsementStatus.Issues or EndorsementStatus.Rejected or EndorsementStatus.RevokedIssues;

    /// <summary>Takes active endorsements away.</summary>
    public IReadOnlyList<Endorsement> Withdraw(Customer customer, IReadOnlyList<string>? names, Action<Endorsement> withdraw)
    {
        var withdrawn = customer.Endorsements
            .Where(endorsement => endorsement.Status == EndorsementStatus.Active && (names is null || names.Contains(endorsement.Name)))
            .ToList();
        withdrawn.ForEach(withdraw);
        if (withdrawn.Count == 0)
            return [];
        customer.Touch(clock.Now);
        announcer.EndorsementsChanged(customer, withdrawn);
        return withdrawn;
    }
}
