using System.Text.Json.Nodes;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Soak.Books;

/// <summary>What OMS holds at the end of a run.</summary>
/// <param name="Customers">All customers.</param>
/// <param name="CashIns">All cash-ins.</param>
/// <param name="Transactions">All transactions.</param>
/// <param name="Settlements">What was settled, by OMS's own ledger.</param>
/// <param name="Deliveries">All webhook deliveries.</param>
internal sealed record OmsBooks(
    IReadOnlyList<JsonObject> Customers,
    IReadOnlyList<JsonObject> CashIns,
    IReadOnlyList<JsonObject> Transactions,
    IReadOnlyList<JsonObject> Settlements,
    IReadOnlyList<DeliveryFigures> Deliveries)
{
    public static async Task<OmsBooks> ReadAsync(OmsSimulator oms, CancellationToken cancellationToken) => new(
        await oms.ListAsync("/customers", cancellationToken),
        await oms.ListAsync("/cash-ins", cancellationToken),
        await oms.ListAsync("/transactions", cancellationToken),
        [.. (await oms.ShowAsync("ledger", cancellationToken)).Items("settlements")],
        [.. (await oms.ShowAsync("deliveries", cancellationToken)).Items("data").Select(DeliveryFigures.Of)]);

    /// <summary>The journey that made a resource: it leaves its id in the metadata.</summary>
    public static string? Journey(JsonObject resource) => resource["metadata"].Text("workflowId");
}

/// <summary>How a delivery went.</summary>
/// <param name="State">Such as <c>Delivered</c> or <c>Dropped</c>.</param>
/// <param name="Attempts">How often it was sent.</param>
internal sealed record DeliveryFigures(string State, int Attempts)
{
    public static DeliveryFigures Of(JsonObject delivery) => new(delivery.Text("state")!, delivery["attempts"]!.AsArray().Count);
}
