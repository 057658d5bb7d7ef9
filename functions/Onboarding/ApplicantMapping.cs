using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Onboarding;

/// <summary>An applicant in OMS's words. One of the few places where personal data is revealed.</summary>
internal static class ApplicantMapping
{
    public static CustomerRequest ToRequest(Sensitive<Applicant> sensitive, string instanceId) => new(ToUpdate(sensitive))
    {
        ExternalId = sensitive.Reveal().ExternalId ?? instanceId,
        Metadata = JourneyId.ToMetadata(instanceId),
    };

    public static CustomerUpdate ToUpdate(Sensitive<Applicant> sensitive)
    {
        var applicant = sensitive.Reveal();
        return new CustomerUpdate
        {
            FirstName = applicant.FirstName,
            MiddleName = applicant.MiddleName,
            LastName = applicant.LastName,
            Email = applicant.Email,
            Phone = applicant.Phone,
            BirthDate = applicant.BirthDate,
            Nationality = applicant.Nationality,
            IpAddress = applicant.IpAddress,
            SignedAgreement = applicant.SignedAgreement,
            ResidentialAddress = Address(applicant.ResidentialAddress),
            IdentifyingInformation = Identities(applicant.IdentifyingInformation),

            // Naming an endorsement again asks OMS for a new evaluation (docs/oms-api.md 4.4).
            Endorsements = CustomerSnapshot.Needed,
        };
    }

    private static ResidentialAddress? Address(ApplicantAddress? address) => address is null ? null : new ResidentialAddress
    {
        Line1 = address.Line1,
        Line2 = address.Line2,
        City = address.City,
        State = address.State,
        Country = address.Country,
        ZipCode = address.ZipCode,
    };

    private static List<IdentifyingInformation>? Identities(IReadOnlyList<ApplicantIdentity>? identities) => identities is null
        ? null
        : [.. identities.Select(
            identity => new IdentifyingInformation
            {
                Type = identity.Type,
                IssuingCountry = identity.IssuingCountry,
                Number = identity.Number,
            })];
}
