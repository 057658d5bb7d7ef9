namespace OmsWorkflows.Oms;

/// <summary>
/// Body of <c>PATCH /customers/{id}</c> (docs/oms-api.md 4.4): only what changes. Documents of a type already known replace it,
/// endorsements are added or evaluated again. Holds personal data: it prints as its type name only.
/// </summary>
public record CustomerUpdate
{
    /// <summary>Legal first name.</summary>
    public string? FirstName { get; init; }

    /// <summary>Legal middle name.</summary>
    public string? MiddleName { get; init; }

    /// <summary>Legal last name; changing it may start a new evaluation.</summary>
    public string? LastName { get; init; }

    /// <summary>E-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Phone number, E.164.</summary>
    public string? Phone { get; init; }

    /// <summary>Date of birth.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Nationality, ISO 3166-1 alpha-2.</summary>
    public string? Nationality { get; init; }

    /// <summary>The person's own IP address, for the geographical checks of <c>basic</c>; changing it may start a new evaluation.</summary>
    public string? IpAddress { get; init; }

    /// <summary>Whether the person accepted OMS's agreement; cannot be taken back.</summary>
    public bool? SignedAgreement { get; init; }

    /// <summary>Where the person lives; changing it may start a new evaluation.</summary>
    public ResidentialAddress? ResidentialAddress { get; init; }

    /// <summary>Documents that identify the person; a new one may start a new evaluation.</summary>
    public IReadOnlyList<IdentifyingInformation>? IdentifyingInformation { get; init; }

    /// <summary>
    /// Endorsements to ask for, or to have evaluated again; a creation without any asks for <c>cryptoCustody</c> and <c>usd</c>.
    /// </summary>
    public IReadOnlyList<string>? Endorsements { get; init; }

    /// <inheritdoc/>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>
/// Body of <c>POST /customers</c> (docs/oms-api.md 4.1). A customer who uses cash needs the full identifying set, or later calls fail with
/// <c>provider_account_not_provisioned</c>. Holds personal data: it prints as its type name only.
/// </summary>
public sealed record CustomerRequest : CustomerUpdate
{
    /// <summary>An empty request.</summary>
    public CustomerRequest()
    {
    }

    /// <summary>A request for a person with these details.</summary>
    public CustomerRequest(CustomerUpdate details)
        : base(details)
    {
    }

    /// <summary>Kind of customer; <c>individual</c> is the only one in v0.9.</summary>
    public string Type { get; init; } = "individual";

    /// <summary>The caller's own id for this person; how a customer is found again after a lost answer.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Free text pairs.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>A person's address (docs/oms-api.md 4.1). Personal data: it prints as its type name only.</summary>
public sealed record ResidentialAddress
{
    /// <summary>Street and number.</summary>
    public string? Line1 { get; init; }

    /// <summary>Flat, floor and the like.</summary>
    public string? Line2 { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>State; in the US its two-letter code.</summary>
    public string? State { get; init; }

    /// <summary>Country, ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>Postal code.</summary>
    public string? ZipCode { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(ResidentialAddress);
}

/// <summary>A document that identifies a person (docs/oms-api.md 4.1). Personal data: it prints as its type name only.</summary>
public sealed record IdentifyingInformation
{
    /// <summary><c>ssn</c>, <c>itin</c>, <c>driversLicense</c> or <c>passport</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Country that issued it, ISO 3166-1 alpha-2.</summary>
    public string? IssuingCountry { get; init; }

    /// <summary>The document's number.</summary>
    public string? Number { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(IdentifyingInformation);
}
