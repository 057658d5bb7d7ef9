using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Onboarding;

/// <summary>What an onboarding runs with. The applicant is not in it: it stays encrypted in the intake row of the same id (DESIGN 4.7).</summary>
/// <param name="Policy">Times and counts as they were when the journey started.</param>
public sealed record OnboardingInput(OnboardingPolicy Policy);

/// <summary>The times of an onboarding, fixed at its start so that a running journey does not change with the settings.</summary>
/// <param name="Poll">How often OMS is asked when no webhook comes.</param>
/// <param name="GiveUpAfter">How long OMS may take to decide.</param>
public sealed record OnboardingPolicy(TimeSpan Poll, TimeSpan GiveUpAfter);

/// <summary>A customer at OMS as a journey needs to see it: ids and states.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Endorsements">The endorsements the journey needs.</param>
/// <param name="Signals">Webhook events that were waiting in the inbox.</param>
/// <param name="Refusal">Set when OMS refused; then nothing else is.</param>
public sealed record CustomerSnapshot(
    string CustomerId, IReadOnlyList<EndorsementState> Endorsements, IReadOnlyList<Signal> Signals, Refusal? Refusal = null)
{
    /// <summary>The endorsements a cash-in needs: <c>basic</c> and <c>usd</c> for fiat, <c>cryptoCustody</c> for the wallet (OMS API 4.3).</summary>
    public static readonly IReadOnlyList<string> Needed = [Endorsement.Basic, Endorsement.CryptoCustody, Endorsement.Usd];

    /// <summary>Reads the states of <see cref="Needed"/> from a customer.</summary>
    public static CustomerSnapshot Of(Customer customer, IReadOnlyList<Signal>? signals = null)
    {
        ArgumentNullException.ThrowIfNull(customer);
        var states = Needed.Select(name => customer.Endorsements.FirstOrDefault(endorsement => endorsement.Name == name) is { } endorsement
            ? new EndorsementState(name, endorsement.StatusText ?? nameof(EndorsementStatus.Unknown), endorsement.Missing, endorsement.Issues, endorsement.RejectionReasons)
            : new EndorsementState(name, "INACTIVE", [], [], []));
        return new(customer.Id, [.. states], signals ?? []);
    }

    /// <summary>A snapshot that says OMS refused.</summary>
    public static CustomerSnapshot Refused(Refusal refusal) => new("", [], [], refusal);
}

/// <summary>A wallet, or why there is none.</summary>
/// <param name="Wallet">The wallet.</param>
/// <param name="Refusal">Set when OMS refused.</param>
public sealed record WalletResult(WalletState? Wallet, Refusal? Refusal = null);

/// <summary>Asks for a wallet of a customer.</summary>
/// <param name="InstanceId">The journey; part of the idempotency key.</param>
/// <param name="CustomerId">The customer.</param>
public sealed record ProvisionWalletRequest(string InstanceId, string CustomerId);

/// <summary>Names a customer for one journey.</summary>
/// <param name="InstanceId">The journey.</param>
/// <param name="CustomerId">The customer.</param>
public sealed record CustomerOfJourney(string InstanceId, string CustomerId);

