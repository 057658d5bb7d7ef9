using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.CashIns;

/// <summary>Stores to choose from.</summary>
public sealed class CashLocationEndpoints(OmsClient oms)
{
    private const int StandardLimit = 20;
    private const int MaxLimit = 100;

    private static readonly OmsQuestion Question = new(
        said => Problems.Refused(
            "oms-refused", "OMS refused the search", $"{said} Check the name of the provider, and that it is one of your contract."),
        WhenSilent: "The stores could not be listed: try again.");

    /// <summary>
    /// Lists stores near a point, nearest first, read from OMS now. Each can be the <c>location</c> of a new cash-in, or with
    /// <c>flow=CashOut</c> of a new payout, as it is.
    /// </summary>
    [Function(nameof(ListCashLocations))]
    public async Task<IResult> ListCashLocations(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "cash-locations")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var provider = query.Required("provider");
        if (provider.Length > 0 && !StoreLocationValidator.IsProvider(provider))
            query.Refuse("provider", "must be a name in letters and digits, such as greendot");
        var latitude = query.Number("latitude", -90m, 90m);
        var longitude = query.Number("longitude", -180m, 180m);
        var flow = query.Choice<CashFlow>("flow") ?? CashFlow.CashIn;
        var limit = query.Limit(StandardLimit, MaxLimit);
        if (query.Problem is { } problem)
            return problem;

        return await Question.AnswerAsync(async () =>
        {
            var near = new CashLocationQuery(provider, latitude, longitude) { Flow = flow, Limit = limit };
            var found = await oms.ListCashLocationsAsync(near, cancellationToken);
            var stores = found.Take(limit).Select(store => StoreLocation.Of(store, provider));
            return Results.Json(new CashLocationList([.. stores]), ApiJson.Options);
        });
    }
}

/// <summary>Stores near a point, nearest first.</summary>
/// <param name="Data">The stores.</param>
public sealed record CashLocationList(IReadOnlyList<StoreLocation> Data);
