using OmsWorkflows.Local.Sandbox.Locations;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>Cash that lies ready at a store (docs/oms-api.md 7.5).</summary>
internal sealed record CashPickup(string Code, string Amount, DateTimeOffset ExpiresAt, CashLocation Location)
{
    public CashPickupView View() => new(
        Amount, "usd", Code, ExpiresAt, $"Show the code at {Location.Name}.", false,
        new PickupPlace(
            Location.Id, Location.Name, Location.Address, Location.City, Location.State, Location.ZipCode, Location.Country,
            Location.Coordinates));
}

/// <summary>The member <c>cashPickup</c> of a transaction (docs/oms-api.md 8).</summary>
internal sealed record CashPickupView(
    string Amount, string Asset, string CashCode, DateTimeOffset ExpiresAt, string Instructions, bool PhoneRequired, PickupPlace Location);

/// <summary>Where it lies.</summary>
internal sealed record PickupPlace(
    string Id, string Name, string Address, string City, string State, string ZipCode, string Country, Coordinates Coordinates);
