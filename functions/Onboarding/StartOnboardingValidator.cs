using FluentValidation;

namespace OmsWorkflows.Onboarding;

/// <summary>Checks the body of <c>POST /api/onboardings</c>.</summary>
internal sealed class StartOnboardingValidator : AbstractValidator<StartOnboardingRequest>
{
    public StartOnboardingValidator(TimeProvider clock)
    {
        RuleFor(request => request.Applicant).NotNull().WithMessage("is required");
        RuleFor(request => request.Applicant!).SetValidator(new ApplicantValidator(clock)).When(request => request.Applicant is not null);
    }
}
