using FluentValidation;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Onboarding;

/// <summary>
/// What an applicant needs for cash: OMS creates a customer from less, but refuses later balance and money calls (docs/oms-api.md 4.1).
/// </summary>
internal sealed class ApplicantValidator : AbstractValidator<Applicant>
{
    private const int LongestName = 200;
    private const string OneName = "is required; for a person with one name, send that name both as firstName and as lastName";

    public ApplicantValidator(TimeProvider clock)
    {
        RuleFor(applicant => applicant.FirstName).NotNull().WithMessage(OneName);
        RuleFor(applicant => applicant.LastName).NotNull().WithMessage(OneName);
        RuleFor(applicant => applicant.Email).NotNull().WithMessage("is required");
        RuleFor(applicant => applicant.Phone).NotNull().WithMessage("is required");
        RuleFor(applicant => applicant.BirthDate).NotNull().WithMessage("is required, as YYYY-MM-DD");
        RuleFor(applicant => applicant.Nationality).NotNull().WithMessage("is required");
        RuleFor(applicant => applicant.ResidentialAddress).NotNull().WithMessage("is required");
        RuleFor(applicant => applicant.IdentifyingInformation).NotEmpty().WithMessage("needs at least one entry");
        RuleFor(applicant => applicant.ExternalId).PlainText(255);
        Include(new Fields(clock));
    }

    /// <summary>The rules of each field that is there.</summary>
    internal sealed class Fields : AbstractValidator<Applicant>
    {
        /// <summary>More would not fit the store, and OMS keeps one of each type.</summary>
        private const int MostIdentities = 5;

        private static readonly DateOnly Earliest = new(1900, 1, 1);

        public Fields(TimeProvider clock)
        {
            RuleFor(applicant => applicant.FirstName).PlainText(LongestName);
            RuleFor(applicant => applicant.MiddleName).PlainText(LongestName);
            RuleFor(applicant => applicant.LastName).PlainText(LongestName);
            RuleFor(applicant => applicant.Email).PlainText(320).Email();
            RuleFor(applicant => applicant.Phone).Phone();
            RuleFor(applicant => applicant.Nationality).Country();
            RuleFor(applicant => applicant.BirthDate)
                .Must(date => date is null || date < DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime))
                .WithMessage("must be in the past")
                .Must(date => date is null || date >= Earliest).WithMessage("must not be before 1900");
            RuleFor(applicant => applicant.IpAddress).IpAddress();
            RuleFor(applicant => applicant.ResidentialAddress!).SetValidator(new AddressValidator())
                .When(applicant => applicant.ResidentialAddress is not null);
            RuleFor(applicant => applicant.IdentifyingInformation).Must(entries => entries is null || entries.Count <= MostIdentities)
                .WithMessage($"has more than {MostIdentities} entries");
            RuleForEach(applicant => applicant.IdentifyingInformation).NotNull().WithMessage("must be an object, not null")
                .SetValidator(new IdentityValidator());
        }
    }

    private sealed class AddressValidator : AbstractValidator<ApplicantAddress>
    {
        public AddressValidator()
        {
            RuleFor(address => address.Line1).NotNull().WithMessage("is required").PlainText(200);
            RuleFor(address => address.Line2).PlainText(200);
            RuleFor(address => address.City).NotNull().WithMessage("is required").PlainText(100);
            RuleFor(address => address.Country).NotNull().WithMessage("is required").Country();
            RuleFor(address => address.State).PlainText(100);
            RuleFor(address => address.State).NotNull().When(address => PersonRules.HasStates(address.Country))
                .WithMessage("is required in this country");
            RuleFor(address => address.ZipCode).PlainText(20);
            RuleFor(address => address.ZipCode).NotNull().When(address => PersonRules.HasPostcodes(address.Country))
                .WithMessage("is required in this country");
        }
    }

    private sealed class IdentityValidator : AbstractValidator<ApplicantIdentity>
    {
        private static readonly string[] Types = ["ssn", "itin", "driversLicense", "passport"];

        public IdentityValidator()
        {
            RuleFor(entry => entry.Type).Must(type => Types.Contains(type)).WithMessage($"must be one of {string.Join(", ", Types)}");
            RuleFor(entry => entry.IssuingCountry).NotNull().WithMessage("is required").Country();
            RuleFor(entry => entry.Number).NotNull().WithMessage("is required").PlainText(100);
        }
    }
}

/// <summary>Checks the body of <c>PATCH …/applicant</c>: what OMS asked for, and something at all.</summary>
internal sealed class ApplicantSupplyValidator : AbstractValidator<Applicant>
{
    public ApplicantSupplyValidator(TimeProvider clock)
    {
        RuleFor(applicant => applicant.ExternalId).Null().WithMessage("cannot be changed once the customer exists");
        RuleFor(applicant => applicant)
            .Must(applicant => applicant with { ExternalId = null } != new Applicant())
            .OverridePropertyName("body")
            .WithMessage("has nothing in it: send the fields that OMS lists as missing or as an issue");
        RuleFor(applicant => applicant.IdentifyingInformation).Must(entries => entries is null || entries.Count > 0)
            .WithMessage("needs at least one entry; leave it out if there is none");
        Include(new ApplicantValidator.Fields(clock));
    }
}
