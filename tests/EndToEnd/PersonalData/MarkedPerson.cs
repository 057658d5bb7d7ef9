using System.Text.Json.Nodes;

namespace OmsWorkflows.EndToEnd.PersonalData;

/// <summary>An applicant whose every field holds something that occurs nowhere else.</summary>
internal static class MarkedPerson
{
    /// <summary>What must not be found. A nationality cannot be marked; it is a code of two letters.</summary>
    public static IReadOnlyList<string> Marks { get; } =
    [
        "Qzfirstname", "Qzmiddlename", "Qzlastname", "qzmail", "QZMAIL", "12025559187", "1903-04-05", "203.0.113.187", "qz-external-id",
        "Qzstreet", "Qzflat", "Qzcity", "10791", "qz-ssn-900", "40.7412831", "-73.9897417", "Qznewstreet",
    ];

    public static JsonObject CashIn() => new()
    {
        ["applicant"] = new JsonObject
        {
            ["firstName"] = "Qzfirstname",
            ["middleName"] = "Qzmiddlename",
            ["lastName"] = "Qzlastname",
            ["email"] = "qzmail@example.test",
            ["phone"] = "+12025559187",
            ["birthDate"] = "1903-04-05",
            ["nationality"] = "US",
            ["ipAddress"] = "203.0.113.187",
            ["externalId"] = "qz-external-id",
            ["signedAgreement"] = true,
            ["residentialAddress"] = Address("Qzstreet 1"),
            ["identifyingInformation"] = new JsonArray(
                new JsonObject { ["type"] = "ssn", ["issuingCountry"] = "US", ["number"] = "qz-ssn-900" }),
        },
        ["location"] = new JsonObject { ["provider"] = "greendot", ["latitude"] = 40.7412831m, ["longitude"] = -73.9897417m },
        ["indicatedAmount"] = "100.00",
    };

    public static JsonObject Supplement() => new() { ["residentialAddress"] = Address("Qznewstreet 2") };

    /// <summary>Refused for one field, with all the others in it.</summary>
    public static JsonObject Wrong(string field, JsonNode value)
    {
        var body = CashIn();
        body["applicant"]?[field] = value;
        return body;
    }

    private static JsonObject Address(string line) => new()
    {
        ["line1"] = line,
        ["line2"] = "Qzflat",
        ["city"] = "Qzcity",
        ["state"] = "NY",
        ["country"] = "US",
        ["zipCode"] = "10791",
    };
}
