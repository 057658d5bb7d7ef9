using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>Bodies that are valid; a test sees to that.</summary>
internal static class Examples
{
    public static JsonNode Onboarding => JsonNode.Parse($$"""{ "applicant": {{Applicant}} }""")!;

    public static JsonNode CashIn => JsonNode.Parse(
        $$"""
        {
          "applicant": {{Applicant}},
          "location": { "provider": "greendot", "latitude": "40.7412", "longitude": "-73.9897" },
          "indicatedAmount": "100.00"
        }
        """)!;

    public static JsonNode Payout => JsonNode.Parse(
        """{ "customerId": "cst_01h9x", "walletId": "wlt_01h9x", "externalAccountId": "cpUsBank_01h9x", "send": "25.00" }""")!;

    public static JsonNode VirtualAccount => JsonNode.Parse("""{ "walletId": "wlt_01h9x" }""")!;

    public static JsonNode Confirmation => JsonNode.Parse("""{ "quoteId": "qt_01h9x" }""")!;

    public static JsonNode Person => JsonNode.Parse("""{ "externalId": "user-000871" }""")!;

    public static JsonNode Email => JsonNode.Parse("""{ "email": "ana.reyes@example.test" }""")!;

    public static JsonNode Supplement => JsonNode.Parse(
        """{ "identifyingInformation": [ { "type": "passport", "issuingCountry": "US", "number": "X0000001" } ] }""")!;

    private const string Applicant =
        """
        {
          "firstName": "Ana", "lastName": "Reyes", "email": "ana.reyes@example.test", "phone": "+12125550142",
          "birthDate": "1988-11-02", "nationality": "US", "externalId": "user-000871", "signedAgreement": true,
          "residentialAddress": { "line1": "410 W 24th St", "city": "New York", "state": "NY", "country": "US", "zipCode": "10011" },
          "identifyingInformation": [ { "type": "ssn", "issuingCountry": "US", "number": "900-00-0001" } ]
        }
        """;
}
