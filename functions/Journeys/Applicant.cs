namespace OmsWorkflows.Journeys;

/// <summary>
/// The person to onboard (docs/oms-api.md 4.1). Personal data: lives in memory and, encrypted, in the intake row; nowhere else.
/// </summary>
public sealed record Applicant
{
    /// <summary>Legal first name.</summary>
    public string? FirstName { get; init; }

    /// <summary>Legal middle name.</summary>
    public string? MiddleName { get; init; }

    /// <summary>Legal last name.</summary>
    public string? LastName { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Phone number, E.164.</summary>
    public string? Phone { get; init; }

    /// <summary>Date of birth.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Nationality { get; init; }

    /// <summary>The person's own IP address, for OMS's geo checks.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The caller's id of the person.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Whether the person accepted OMS's terms.</summary>
    public bool? SignedAgreement { get; init; }

    /// <summary>Where the person lives.</summary>
    public ApplicantAddress? ResidentialAddress { get; init; }

    /// <summary>Identity documents or numbers.</summary>
    public IReadOnlyList<ApplicantIdentity>? IdentifyingInformation { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(Applicant);
}

/// <summary>A postal address.</summary>
public sealed record ApplicantAddress
{
    /// <summary>Street and number.</summary>
    public string? Line1 { get; init; }

    /// <summary>Flat, floor; may be left out.</summary>
    public string? Line2 { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>State or region.</summary>
    public string? State { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>Postal code.</summary>
    public string? ZipCode { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(ApplicantAddress);
}

/// <summary>One identity document or number.</summary>
public sealed record ApplicantIdentity
{
    /// <summary><c>ssn</c>, <c>itin</c>, <c>driversLicense</c> or <c>passport</c>.</summary>
    public string? Type { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? IssuingCountry { get; init; }

    /// <summary>The number.</summary>
    public string? Number { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(ApplicantIdentity);
}
