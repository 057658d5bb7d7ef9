using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>The requests of the fixture story.</summary>
internal static class Requests
{
    public static CustomerRequest Customer => new()
    {
        FirstName = "Ana",
        MiddleName = "Lucia",
        LastName = "Reyes",
        Email = "ana.reyes@example.test",
        Phone = "+12125550142",
        BirthDate = new DateOnly(1988, 11, 2),
        Nationality = "US",
        IpAddress = "203.0.113.24",
        ExternalId = "user-000871",
        SignedAgreement = true,
        ResidentialAddress = new ResidentialAddress
        {
            Line1 = "410 W 24th St",
            Line2 = "Apt 7C",
            City = "New York",
            State = "NY",
            Country = "US",
            ZipCode = "10011",
        },
        IdentifyingInformation = [new IdentifyingInformation { Type = "ssn", IssuingCountry = "US", Number = "900-00-0001" }],
        Endorsements = [Endorsement.Basic, Endorsement.CryptoCustody, Endorsement.Usd],
        Metadata = new Dictionary<string, string> { ["workflowId"] = "fund-000871-01" },
    };

    public static CashInRequest CashIn => new()
    {
        CustomerId = "cst_01kt7jrjg0fe8r4h0sywah9cxv",
        Source = new CashInSource { IndicatedAmount = 100.00m },
        Destination = new CashInDestination { Wallet = new WalletTarget { Id = "wlt_01kt7jrjg0e6mv86vbbkc69ctf" } },
        Cash = new CashPlace
        {
            LocationId = "loc_01kt7jrjg0e06rpqhmwpy88dhr",
            LocationReference = "R1JFRU5ET1QtNDIxMTpsYXQ9NDAuNzQxMjAwLGxuZz0tNzMuOTg5NzAw",
        },
        Metadata = new Dictionary<string, string> { ["workflowId"] = "fund-000871-01" },
    };

    public static QuoteRequest Quote => new()
    {
        CustomerId = "cst_01kt7jrjg0fe8r4h0sywah9cxv",
        Source = new QuoteSource { WalletId = "wlt_01kt7jrjg0e6mv86vbbkc69ctf", Amount = 25.00m },
        Destination = new QuoteDestination
        {
            Asset = "usdc",
            Network = "polygon",
            Wallet = new WalletTarget { BlockchainAddress = "0x8617E340B3D01FA5F11F306F4090FD50E238070D" },
        },
        SponsorGas = true,
    };
}
