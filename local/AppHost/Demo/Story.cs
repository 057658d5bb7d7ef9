using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>The made-up person and store of the demonstration.</summary>
internal static class Story
{
    /// <summary>What the person means to pay in, USD.</summary>
    public const string IndicatedAmount = "100.00";

    /// <summary>What the person then really pays in, USD.</summary>
    public const decimal PaidAmount = 120.00m;

    /// <summary>Body of <c>POST /api/cash-ins</c>.</summary>
    public static JsonObject CashIn(string externalId) => new()
    {
        ["applicant"] = Applicant(externalId),
        ["location"] = new JsonObject { ["provider"] = "greendot", ["latitude"] = 40.7412m, ["longitude"] = -73.9897m },
        ["indicatedAmount"] = IndicatedAmount,
    };

    /// <summary>A new applicant with everything OMS wants for cash (docs/oms-api.md 4.1).</summary>
    public static JsonObject Applicant(string externalId) => new()
    {
        ["firstName"] = "Ana",
        ["lastName"] = "Reyes",
        ["email"] = "ana.reyes@example.test",
        ["phone"] = "+12125550142",
        ["birthDate"] = "1988-11-02",
        ["nationality"] = "US",
        ["externalId"] = externalId,
        ["signedAgreement"] = true,
        ["residentialAddress"] = new JsonObject
        {
            ["line1"] = "410 W 24th St",
            ["city"] = "New York",
            ["state"] = "NY",
            ["country"] = "US",
            ["zipCode"] = "10011",
        },
        ["identifyingInformation"] = new JsonArray(
            new JsonObject { ["type"] = "ssn", ["issuingCountry"] = "US", ["number"] = "900-00-0001" }),
    };
}
