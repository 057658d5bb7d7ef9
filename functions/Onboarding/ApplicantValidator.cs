using System.Net;
using FluentValidation;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Onboarding;

/// <summary>
/// What an applicant needs for cash: OMS creates a customer from less, but refuses later balance and money calls (docs/oms-api.md 4.1).
/// </summary>
internal sealed class ApplicantValidator : AbstractValidator<Applicant>
{
    private static readonly string[] IdentityTypes = ["ssn", "itin", "driversLicense", "passport"];

    public ApplicantValidator(TimeProvider clock, bool complete = true)
    {
        if (complete)
        {
            RuleFor(applicant => applicant.FirstName).NotEmpty().WithMessage("is required");
            RuleFor(applicant => applicant.LastName).NotEmpty().WithMessage("is required");
            RuleFor(applicant => applicant.Email).NotEmpty().WithMessage("is required");
            RuleFor(applicant => applicant.Phone).NotEmpty().WithMessage("is required");
            RuleFor(applicant => applicant.BirthDate).NotNull().WithMessage("is required, as YYYY-MM-DD");
            RuleFor(applicant => applicant.Nationality).NotEmpty().WithMessage("is required");
            RuleFor(applicant => applicant.ResidentialAddress).NotNull().WithMessage("is required");
            RuleFor(applicant => applicant.IdentifyingInformation).NotEmpty().WithMessage("needs at least one entry");
        }

        RuleFor(applicant => applicant.FirstName).MaximumLength(200).WithMessage("is longer than 200 characters");
        RuleFor(applicant => applicant.MiddleName).MaximumLength(200).WithMessage("is longer than 200 characters");
        RuleFor(applicant => applicant.LastName).MaximumLength(200).WithMessage("is longer than 200 characters");
        RuleFor(applicant => applicant.Email).EmailAddress().WithMessage("is not an e-mail address").MaximumLength(320)
            .WithMessage("is longer than 320 characters");
        RuleFor(applicant => applicant.Phone).Matches(@"^\+[1-9]\d{6,14}$").WithMessage("must be in E.164 form, such as +12125550142");
        RuleFor(applicant => applicant.Nationality).Matches("^[A-Z]{2}$").WithMessage("must be an ISO 3166-1 alpha-2 code, such as US");
        RuleFor(applicant => applicant.BirthDate)
            .Must(date => date is null || date < DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).WithMessage("must be in the past");
        RuleFor(applicant => applicant.IpAddress).Must(address => address is null || IPAddress.TryParse(address, out _))
            .WithMessage("is not an IP address");
        RuleFor(applicant => applicant.ExternalId).MaximumLength(255).WithMessage("is longer than 255 characters");
        RuleFor(applicant => applicant.ResidentialAddress!).SetValidator(new AddressValidator())
            .When(applicant => applicant.ResidentialAddress is not null);
        RuleForEach(applicant => applicant.IdentifyingInformation).ChildRules(identity =>
        {
            identity.RuleFor(entry => entry.Type).Must(type => IdentityTypes.Contains(type))
                .WithMessage($"must be one of {string.Join(", ", IdentityTypes)}");
            identity.RuleFor(entry => entry.IssuingCountry).NotEmpty().Matches("^[A-Z]{2}$")
                .WithMessage("must be an ISO 3166-1 alpha-2 code, such as US");
            identity.RuleFor(entry => entry.Number).NotEmpty().WithMessage("is required").MaximumLength(100)
                .WithMessage("is longer than 100 characters");
        });
    }

    private sealed class AddressValidator : AbstractValidator<ApplicantAddress>
    {
        public AddressValidator()
        {
            RuleFor(address => address.Line1).NotEmpty().WithMessage("is required");
            RuleFor(address => address.City).NotEmpty().WithMessage("is required");
            RuleFor(address => address.State).NotEmpty().WithMessage("is required");
            RuleFor(address => address.ZipCode).NotEmpty().WithMessage("is required");
            RuleFor(address => address.Country).NotEmpty().Matches("^[A-Z]{2}$")
                .WithMessage("must be an ISO 3166-1 alpha-2 code, such as US");
        }
    }
}
