using System.Text.Json.Serialization;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>Where a journey stands (docs/architecture.md).</summary>
[JsonConverter(typeof(KnownNamesConverter<JourneyPhase>))]
public enum JourneyPhase
{
    /// <summary>The request is stored; the journey is about to run.</summary>
    Accepted = 0,

    /// <summary>The customer is being created at OMS.</summary>
    CreatingCustomer,

    /// <summary>OMS is reviewing the applicant (endorsements are pending).</summary>
    AwaitingEndorsements,

    /// <summary>OMS asked for something that is missing; the caller has to supply it.</summary>
    AwaitingApplicant,

    /// <summary>The wallet is being provisioned.</summary>
    ProvisioningWallet,

    /// <summary>The deposit code is being made.</summary>
    CreatingCashIn,

    /// <summary>The deposit code is out; the person has not paid in yet.</summary>
    AwaitingDeposit,

    /// <summary>Cash was taken; the conversion is running.</summary>
    AwaitingSettlement,

    /// <summary>OMS is asked for the price of a payout.</summary>
    Quoting,

    /// <summary>The price is there; the caller has to accept it.</summary>
    AwaitingConfirmation,

    /// <summary>The accepted price is sent to OMS; from here on money can move.</summary>
    ExecutingPayout,

    /// <summary>The money is on its way to the bank.</summary>
    AwaitingPayout,

    /// <summary>The cash lies ready at a store; somebody has to collect it.</summary>
    AwaitingPickup,

    /// <summary>The code ran out. Revivable while <see cref="JourneyStatus.Ended"/> is <see langword="false"/>.</summary>
    Expired,

    /// <summary>The money's state is unknown: an operator has to look.</summary>
    NeedsReview,

    /// <summary>
    /// Done: what was wanted has happened. A payout to a bank can still come back while <see cref="JourneyStatus.Ended"/> is
    /// <see langword="false"/>.
    /// </summary>
    Completed,

    /// <summary>Ended without success; the reason says why.</summary>
    Failed,

    /// <summary>OMS refused the applicant.</summary>
    Rejected,

    /// <summary>Ended by the caller's command.</summary>
    Cancelled,

    /// <summary>One that a newer version wrote and this one does not know.</summary>
    Unknown,
}
