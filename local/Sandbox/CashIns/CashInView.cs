using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.Locations;
using OmsWorkflows.Local.Sandbox.Money;

namespace OmsWorkflows.Local.Sandbox.CashIns;

/// <summary>The cash-in object (docs/oms-api.md 7.2).</summary>
internal sealed record CashInView(
    string Id, string Object, string Type, string Status, string SubStatus, string CustomerId, CashInSource Source,
    CashInDestination Destination, CashPlace Cash, PlaceName Location, DepositInstructions DepositInstructions, Rates Rates,
    FeeSchedule OmsFeeSchedule, string FixedAmountSide, bool SponsorGas, string SponsorGasCost, string? TransactionId,
    IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? CompletedAt)
{
    public static CashInView Of(CashIn cashIn)
    {
        // Estimates from what was indicated until the cash is in, then final.
        var price = CashInPrice.For(cashIn.Paid ?? cashIn.Indicated);
        var location = cashIn.Location;
        return new CashInView(
            cashIn.Id, "cashIn", "fiatToCrypto", cashIn.Status.ToString().ToLowerInvariant(), cashIn.SubStatus, cashIn.CustomerId,
            new CashInSource(
                "usd", "cash", MoneyText.Of(cashIn.Indicated), MoneyText.Of(price.Gross), MoneyText.Of(price.Net), Fees.Of(price.Fee),
                cashIn.Email, cashIn.Paid is { } paid ? MoneyText.Of(paid) : null),
            new CashInDestination(
                cashIn.Target.Asset, cashIn.Target.Network, new TargetWallet(cashIn.Target.WalletId, cashIn.Target.BlockchainAddress),
                MoneyText.Of(price.Net), MoneyText.Of(price.Net), Fees.Of(0)),
            cashIn.Place, new PlaceName(location.Name, location.FullAddress),
            new DepositInstructions(cashIn.Code, cashIn.ExpiresAt, location.Name, location.FullAddress),
            price.Rates($"usd/{cashIn.Target.Asset}"), CashInPrice.Schedule, "source", true, "0", cashIn.TransactionId, cashIn.Metadata,
            cashIn.CreatedAt, cashIn.UpdatedAt, cashIn.CompletedAt);
    }
}

/// <summary>The cash side.</summary>
internal sealed record CashInSource(
    string Asset, string Network, string IndicatedAmount, string AmountGross, string AmountNet, Fees FeesDeducted, string? Email,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Amount);

/// <summary>The asset side.</summary>
internal sealed record CashInDestination(
    string Asset, string Network, TargetWallet Wallet, string AmountGross, string AmountNet, Fees FeesDeducted);

/// <summary>Exactly one member is there.</summary>
internal sealed record TargetWallet(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BlockchainAddress);

/// <summary>The location to show.</summary>
internal sealed record PlaceName(string Name, string Address);

/// <summary>What the person needs at the counter.</summary>
internal sealed record DepositInstructions(string Code, DateTimeOffset ExpiresAt, string LocationName, string LocationAddress);

/// <summary>How the fee is made up.</summary>
internal sealed record FeeSchedule(string FeeCurrency, IReadOnlyList<FeeEntry> Entries);

/// <summary>A percentage or a fixed part.</summary>
internal sealed record FeeEntry(
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Rate = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Amount = null);
