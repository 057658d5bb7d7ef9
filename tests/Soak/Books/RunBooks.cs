using System.Text.Json.Nodes;
using OmsWorkflows.Soak.Playing;

namespace OmsWorkflows.Soak.Books;

/// <summary>All there is to compare at the end of a run.</summary>
/// <param name="Journeys">How the journeys ended.</param>
/// <param name="KnownCustomers">Customers made before the run.</param>
/// <param name="Cash">What the tills took.</param>
/// <param name="Oms">What OMS holds.</param>
/// <param name="Ledger">What the app holds.</param>
/// <param name="Report">What the app's own reconciliation says.</param>
internal sealed record RunBooks(
    IReadOnlyList<PlayedJourney> Journeys,
    IReadOnlyList<string> KnownCustomers,
    IReadOnlyCollection<CashTaken> Cash,
    OmsBooks Oms,
    IReadOnlyList<LedgerRow> Ledger,
    JsonObject Report);
