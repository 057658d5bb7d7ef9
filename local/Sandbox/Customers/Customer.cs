using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Wallets;

namespace OmsWorkflows.Local.Sandbox.Customers;

/// <summary>
/// A customer as the sandbox keeps it (docs/oms-api.md 4). Of write-only fields only their presence is kept: nothing ever reads them back.
/// </summary>
internal sealed class Customer(string id, DateTimeOffset createdAt) : IListed
{
    public string Id => id;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    /// <summary>Rises with every change; events of this customer carry it as their sequence.</summary>
    public int Version { get; private set; } = 1;

    public string? FirstName { get; set; }

    public string? MiddleName { get; set; }

    public string? LastName { get; set; }

    public string? Email { get; set; }

    public string? Phone { get; set; }

    public string? Nationality { get; set; }

    public string? ExternalId { get; set; }

    public bool Active { get; set; } = true;

    public DateTimeOffset? SignedAgreementAt { get; set; }

    public bool HasBirthDate { get; set; }

    public bool HasResidentialAddress { get; set; }

    /// <summary>Types of the identity papers on file; the same type again replaces (docs/oms-api.md 4.4).</summary>
    public HashSet<string> IdentityPapers { get; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    public List<Endorsement> Endorsements { get; } = [];

    /// <summary>Fields that were sent since requirements were named as missing.</summary>
    public HashSet<string> SuppliedSinceIssues { get; } = [];

    /// <summary>An evaluation that was asked for earlier than this one is void.</summary>
    public int Evaluation { get; set; }

    /// <summary>The full identifying set, without which money calls fail (docs/oms-api.md 4.1).</summary>
    public bool Provisioned
        => FirstName is not null && LastName is not null && Email is not null && Phone is not null && Nationality is not null
        && HasBirthDate && HasResidentialAddress && IdentityPapers.Count > 0;

    public bool HasEndorsement(string name)
        => Endorsements.Any(endorsement => endorsement.Name == name && endorsement.Status == EndorsementStatus.Active);

    /// <summary>The requirements that are on file, by the names endorsements use.</summary>
    public IReadOnlyList<string> Requirements()
    {
        var present = new List<string>();
        if (FirstName is not null && LastName is not null)
            present.Add("name");
        if (HasBirthDate)
            present.Add("birthDate");
        if (HasResidentialAddress)
            present.Add("residentialAddress");
        if (IdentityPapers.Count > 0)
            present.Add("identifyingInformation");
        return present;
    }

    public void Touch(DateTimeOffset now) => (UpdatedAt, Version) = (now, Version + 1);

    public CustomerView View(IEnumerable<Wallet> wallets) => new(
        Id, "customer", "individual", FirstName, MiddleName, LastName, Email, Phone, Nationality, ExternalId,
        Active ? "active" : "inactive", SignedAgreementAt is not null, SignedAgreementAt,
        [.. wallets.Where(wallet => wallet.CustomerId == Id).Select(wallet => wallet.Flat())],
        [.. Endorsements.Select(endorsement => endorsement.View())], Metadata, CreatedAt, UpdatedAt);

    /// <summary>Refuses what an inactive customer, or one without the identifying set, cannot do.</summary>
    public void RequireMoneyMovement(params IEnumerable<string> endorsements)
    {
        if (!Active)
            throw ApiException.CustomerInactive();
        RequireEndorsements(endorsements);
        if (!Provisioned)
            throw ApiException.NotProvisioned();
    }

    public void RequireEndorsements(params IEnumerable<string> names)
    {
        var lacking = names.Where(name => !HasEndorsement(name)).ToList();
        if (lacking.Count > 0)
            throw ApiException.EndorsementRequired(lacking);
    }
}

/// <summary>The customer object (docs/oms-api.md 4.2).</summary>
internal sealed record CustomerView(
    string Id, string Object, string Type, string? FirstName, string? MiddleName, string? LastName, string? Email, string? Phone,
    string? Nationality, string? ExternalId, string Status, bool SignedAgreement, DateTimeOffset? SignedAgreementAt,
    IReadOnlyList<FlatWallet> Wallets,
    IReadOnlyList<EndorsementView> Endorsements, IReadOnlyDictionary<string, string> Metadata, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
