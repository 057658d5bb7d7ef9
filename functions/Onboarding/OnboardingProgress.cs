using System.Text.Json.Serialization;

namespace OmsWorkflows.Onboarding;

/// <summary>How far an onboarding is; goes along when its journey continues as new.</summary>
/// <param name="Step">What is done next.</param>
/// <param name="StartedAt">When it began (UTC); the time limit counts from here.</param>
public sealed record OnboardingProgress(OnboardingStep Step, DateTimeOffset StartedAt);

/// <summary>The steps of an onboarding.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OnboardingStep>))]
public enum OnboardingStep
{
    /// <summary>Create the customer from the applicant.</summary>
    CreateCustomer = 0,

    /// <summary>Wait for OMS's decision.</summary>
    AwaitEndorsements,

    /// <summary>Ask OMS how the review stands.</summary>
    ReadCustomer,

    /// <summary>Send OMS what the caller supplied.</summary>
    UpdateCustomer,

    /// <summary>Get a wallet.</summary>
    ProvisionWallet,

    /// <summary>There is a customer with a wallet.</summary>
    Done,
}
