using System.Globalization;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Money;

namespace OmsWorkflows.Local.Sandbox.Locations;

/// <summary>A point on the map.</summary>
internal sealed record Coordinates(double Latitude, double Longitude)
{
    private const double EarthRadiusMiles = 3958.8;

    public double MilesTo(Coordinates other)
    {
        var (here, there) = (Radians(Latitude), Radians(other.Latitude));
        var (north, east) = (there - here, Radians(other.Longitude - Longitude));
        var a = Math.Pow(Math.Sin(north / 2), 2) + (Math.Cos(here) * Math.Cos(there) * Math.Pow(Math.Sin(east / 2), 2));
        return 2 * EarthRadiusMiles * Math.Asin(Math.Min(1, Math.Sqrt(a)));
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}

/// <summary>A store that takes cash. <see cref="MaxDeposit"/> is its largest single deposit in USD (docs/oms-api.md 7.4).</summary>
internal sealed record CashLocation(
    string Id, string Provider, string StoreNumber, string Name, string Address, string City, string State, string ZipCode, string Country,
    Coordinates Coordinates, decimal MaxDeposit)
{
    public string ReferenceText => string.Create(
        CultureInfo.InvariantCulture,
        $"{Provider.ToUpperInvariant()}-{StoreNumber}:lat={Coordinates.Latitude:F6},lng={Coordinates.Longitude:F6}");

    public string FullAddress => $"{Address}, {City}, {State} {ZipCode}";

    public CashLocationView View(string reference, double miles) => new(
        Id, reference, Name, Address, City, State, ZipCode, Country, Coordinates, Provider,
        miles.ToString("0.00", CultureInfo.InvariantCulture), "mi",
        new DepositLimits(MoneyText.Of(CashInLimits.Minimum), MoneyText.Of(MaxDeposit)));
}

/// <summary>
/// How much one deposit may be, in USD (docs/oms-api.md 7.4). The documented answer was cut off; where it tells them is our guess.
/// </summary>
internal sealed record DepositLimits(string Minimum, string Maximum);

/// <summary>A location as listed (docs/oms-api.md 6).</summary>
internal sealed record CashLocationView(
    string Id, string LocationReference, string Name, string Address, string City, string State, string ZipCode, string Country,
    Coordinates Coordinates, string Provider, string Distance, string DistanceUnit, DepositLimits Limits);

/// <summary>A location as a request names it.</summary>
internal sealed record CashPlace(string LocationId, string LocationReference)
{
    public static CashPlace Read(JsonBody cash) => new(
        cash.Text("cashLocationId") ?? cash.RequiredId("locationId", "loc"),
        cash.Text("cashLocationReference") ?? cash.RequiredText("locationReference"));
}

/// <summary>Stores near a point.</summary>
internal static class CashLocationEndpoints
{
    private const double DefaultRadiusMiles = 25;

    public static void MapCashLocations(this IEndpointRouteBuilder api)
        => api.MapGet("/cash-locations", (HttpRequest request, LocationReferences references) =>
    {
        var provider = request.Query["provider"].FirstOrDefault();
        var wrong = new List<ErrorDetail>();
        if (string.IsNullOrEmpty(provider))
            wrong.Add(new ErrorDetail("provider", "is required"));
        var here = new Coordinates(Number(request, "latitude", -90, 90, null, wrong), Number(request, "longitude", -180, 180, null, wrong));
        var radius = Number(request, "radius", 0, 500, DefaultRadiusMiles, wrong);
        var limit = Number(request, "limit", 1, int.MaxValue, 50, wrong);
        if (request.Query["flow"].FirstOrDefault() is { Length: > 0 } flow
            && flow is not ("cashIn" or "cash-in" or "cashOut" or "cash-out"))
            wrong.Add(new ErrorDetail("flow", "must be cashIn or cashOut"));
        if (wrong.Count > 0)
            throw ApiException.Validation(wrong);

        var near = Stores.All
            .Where(store => string.Equals(store.Provider, provider, StringComparison.OrdinalIgnoreCase))
            .Select(store => (Store: store, Miles: store.Coordinates.MilesTo(here)))
            .Where(found => found.Miles <= radius)
            .OrderBy(found => found.Miles)
            .Take((int)Math.Min(limit, 100))
            .Select(found => found.Store.View(references.Of(found.Store), found.Miles));
        return Answer.Ok(new Page<CashLocationView>([.. near], HasMore: false, NextCursor: null));
    });

    private static double Number(HttpRequest request, string name, double from, double to, double? otherwise, List<ErrorDetail> wrong)
    {
        var text = request.Query[name].FirstOrDefault();
        if (string.IsNullOrEmpty(text) && otherwise is { } given)
            return given;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to)
            return number;
        var range = string.Create(CultureInfo.InvariantCulture, $"must be from {from} to {to}");
        wrong.Add(new ErrorDetail(name, string.IsNullOrEmpty(text) ? "is required" : range));
        return 0;
    }
}
