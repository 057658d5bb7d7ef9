using System.Globalization;
using System.Net;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Customers;

/// <summary>What a request says about a customer; of write-only values only that they came.</summary>
internal sealed record CustomerChange
{
    private static readonly string[] PaperTypes = ["ssn", "itin", "driversLicense", "passport"];

    public string? FirstName { get; init; }

    public string? MiddleName { get; init; }

    public string? LastName { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    public string? Nationality { get; init; }

    public string? ExternalId { get; init; }

    public bool? SignedAgreement { get; init; }

    public bool HasBirthDate { get; init; }

    public bool HasIpAddress { get; init; }

    public bool HasResidentialAddress { get; init; }

    public IReadOnlyList<string> IdentityPapers { get; init; } = [];

    public IReadOnlyList<string>? Endorsements { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Changes that make OMS look at an active endorsement again (docs/oms-api.md 4.4).</summary>
    public bool TriggersReview => HasResidentialAddress || LastName is not null || IdentityPapers.Count > 0 || HasIpAddress;

    public IReadOnlyList<string> SuppliedRequirements()
    {
        var supplied = new List<string>();
        if (FirstName is not null || LastName is not null)
            supplied.Add("name");
        if (FirstName is not null)
            supplied.Add("firstName");
        if (LastName is not null)
            supplied.Add("lastName");
        if (Email is not null)
            supplied.Add("email");
        if (Phone is not null)
            supplied.Add("phone");
        if (Nationality is not null)
            supplied.Add("nationality");
        if (HasBirthDate)
            supplied.Add("birthDate");
        if (HasIpAddress)
            supplied.Add("ipAddress");
        if (HasResidentialAddress)
            supplied.Add("residentialAddress");
        if (IdentityPapers.Count > 0)
            supplied.Add("identifyingInformation");
        return supplied;
    }

    public static CustomerChange Read(JsonBody body, bool creating)
    {
        if (creating && body.RequiredText("type") is { Length: > 0 } type && type != "individual")
            body.Wrong("type", "must be individual");
        var change = new CustomerChange
        {
            FirstName = body.Text("firstName"),
            MiddleName = body.Text("middleName"),
            LastName = body.Text("lastName"),
            Email = Matching(body, "email", text => text.IndexOf('@', StringComparison.Ordinal) > 0, "must be an e-mail address"),
            Phone = Matching(body, "phone", IsE164, "must be E.164, such as +12125550142"),
            Nationality = Matching(body, "nationality", IsCountry, "must be an ISO 3166-1 alpha-2 code"),
            ExternalId = body.Text("externalId"),
            SignedAgreement = body.Bool("signedAgreement"),
            HasBirthDate = Matching(body, "birthDate", IsDate, "must be YYYY-MM-DD") is not null,
            HasIpAddress = Matching(body, "ipAddress", text => IPAddress.TryParse(text, out _), "must be an IP address") is not null,
            HasResidentialAddress = ReadAddress(body.Object("residentialAddress")),
            IdentityPapers = ReadPapers(body.Objects("identifyingInformation") ?? []),
            Endorsements = body.Texts("endorsements"),
            Metadata = body.Metadata(),
        };
        foreach (var unknown in (change.Endorsements ?? []).Except(EndorsementNames.All))
            body.Wrong("endorsements", $"{unknown} is not an endorsement");
        body.Check();
        return change;
    }

    private static bool ReadAddress(JsonBody? address)
    {
        if (address is null)
            return false;
        foreach (var part in (string[])["line1", "city", "state", "zipCode"])
            address.RequiredText(part);
        if (!IsCountry(address.RequiredText("country")))
            address.Wrong("country", "must be an ISO 3166-1 alpha-2 code");
        address.Text("line2");
        return true;
    }

    private static List<string> ReadPapers(IReadOnlyList<JsonBody> papers)
    {
        var types = new List<string>();
        foreach (var paper in papers)
        {
            var type = paper.RequiredText("type");
            if (type.Length > 0 && !PaperTypes.Contains(type))
                paper.Wrong("type", $"must be one of {string.Join(", ", PaperTypes)}");
            paper.RequiredText("issuingCountry");
            paper.RequiredText("number");
            types.Add(type);
        }
        return types;
    }

    private static string? Matching(JsonBody body, string name, Func<string, bool> holds, string issue)
    {
        var text = body.Text(name);
        if (text is not null && !holds(text))
            body.Wrong(name, issue);
        return text;
    }

    private static bool IsE164(string text)
        => text.Length is >= 8 and <= 16 && text[0] == '+' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsCountry(string text) => text.Length == 2 && text.All(char.IsAsciiLetterUpper);

    private static bool IsDate(string text)
        => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
