using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Onboarding;

/// <summary>
/// What an onboarding runs with. The applicant is not in it: it stays encrypted in the intake row of the same id
/// (docs/decisions/0005-personal-data.md).
/// </summary>
/// <param name="Options">Times and counts as they were when the journey started.</param>
public sealed record OnboardingInput(OnboardingOptions Options)
{
    /// <summary>Whether its milestones are told; set when it starts, and kept.</summary>
    public bool Tells { get; init; }

    /// <summary>What the execution before left; null at the start.</summary>
    public JourneyMemory? Memory { get; init; }

    /// <summary>How far the execution before came; null at the start.</summary>
    public OnboardingProgress? Progress { get; init; }
}

/// <summary>A customer at OMS as a journey needs to see it: ids and states.</summary>
/// <param name="Endorsements">The endorsements the journey needs.</param>
public sealed record CustomerSnapshot(string CustomerId, IReadOnlyList<EndorsementState> Endorsements)
{
    /// <summary>
    /// The endorsements a cash-in needs: <c>basic</c> and <c>usd</c> for fiat, <c>cryptoCustody</c> for the wallet (docs/oms-api.md 4.3).
    /// </summary>
    public static readonly IReadOnlyList<string> Needed = [Endorsement.Basic, Endorsement.CryptoCustody, Endorsement.Usd];

    /// <summary>The journey that made the customer, when it was not the one that asks.</summary>
    public string? AdoptedFrom { get; init; }

    /// <summary>Webhook events that were waiting in the inbox.</summary>
    public IReadOnlyList<Signal> Signals { get; init; } = [];

    /// <summary>Reads the states of <see cref="Needed"/> from a customer.</summary>
    public static CustomerSnapshot Of(Customer customer)
    {
        ArgumentNullException.ThrowIfNull(customer);
        return new(customer.Id, [.. Needed.Select(name => StateOf(customer, name))]);
    }

    private static EndorsementState StateOf(Customer customer, string name)
    {
        var endorsement = customer.Endorsements.FirstOrDefault(endorsement => endorsement.Name == name);
        if (endorsement is null)
            return new(name, "INACTIVE", [], [], []);
        var status = endorsement.StatusText ?? nameof(EndorsementStatus.Unknown);
        return new(name, status, endorsement.Missing, endorsement.Issues, endorsement.RejectionReasons);
    }
}

/// <summary>Names a customer for one journey, which is part of the idempotency keys.</summary>
public sealed record CustomerOfJourney(string InstanceId, string CustomerId);
