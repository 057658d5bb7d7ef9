using System.Net;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.CashIns;

/// <summary>Which store a cash-in is made for; remembered before it is used, since a retry has to send the same bytes.</summary>
public sealed class CashInStores(OmsClient oms, Intakes intakes, TimeProvider clock)
{
    /// <summary>References are looked up near the store itself, where it is among the first.</summary>
    private const int LookedAt = 20;

    /// <summary>
    /// The intake with its store: the one that was chosen, or the nearest that takes the amount. A refusal when there is none.
    /// </summary>
    internal async Task<OmsAnswer<Intake>> PickAsync(string instanceId, decimal? amount, CancellationToken cancellationToken)
    {
        var intake = await intakes.GetAsync(instanceId, cancellationToken);
        CashLocation? nearest = null;
        Place? near = null;
        if (intake.LocationId is null)
        {
            near = intake.StoreNear?.Reveal();
            IReadOnlyList<CashLocation> found = near is null ? [] : await FindAsync(near, cancellationToken);
            nearest = found.FirstOrDefault(store => amount is not { } value || store.Limits is not { } limits || limits.Allow(value));
            if (nearest is null)
            {
                return found.Count == 0
                    ? new Refusal("no_location", (int)HttpStatusCode.NotFound, ["location"], null)
                    : new Refusal("limit_exceeded", (int)HttpStatusCode.UnprocessableEntity, ["indicatedAmount"], null);
            }
        }

        // The last that needs anything personal: whatever is left of it goes with the same write.
        return await intakes.UpdateAsync(
            intake,
            row => row.WithoutPerson() with
            {
                LocationId = row.LocationId ?? nearest?.Id,
                LocationReference = row.LocationReference ?? nearest?.LocationReference,
                LocationPlace = row.LocationPlace ?? PlaceOf(nearest, near),
                CashInRequestedAt = row.CashInRequestedAt ?? clock.GetUtcNow(),
            },
            cancellationToken);
    }

    /// <summary>The intake with a fresh reference of the same store; null when OMS does not list the store any more.</summary>
    internal async Task<Intake?> LookUpAgainAsync(Intake intake, Place place, CancellationToken cancellationToken)
    {
        var found = await FindAsync(place, cancellationToken);
        if (found.FirstOrDefault(store => store.Id == intake.LocationId) is not { } store)
            return null;
        return await intakes.UpdateAsync(
            intake.InstanceId,
            row => row.LocationRound != intake.LocationRound
                ? row
                : row with { LocationReference = store.LocationReference, LocationRound = row.LocationRound + 1 },
            cancellationToken);
    }

    private Task<IReadOnlyList<CashLocation>> FindAsync(Place place, CancellationToken cancellationToken)
        => oms.ListCashLocationsAsync(
            new CashLocationQuery(place.Provider, place.Latitude, place.Longitude) { Limit = LookedAt }, cancellationToken);

    /// <summary>Where the store stands, never where the person is.</summary>
    private static Place? PlaceOf(CashLocation? store, Place? near)
        => store is { Coordinates: { } there } && near is not null
            ? new Place(store.Provider ?? near.Provider, there.Latitude, there.Longitude)
            : null;
}
