using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Payouts;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>Quotes and payouts at OMS as the orchestrator sees them: a quote runs out, and can be accepted once.</summary>
internal sealed class FakePayouts(TimeSpan quoteLifetime, Func<DateTimeOffset> now)
{
    private readonly Dictionary<string, DateTimeOffset> _quotes = [];

    public TransactionStatus Status { get; set; } = TransactionStatus.Processing;

    public Refusal? QuoteRefusal { get; set; }

    /// <summary>Until when cash lies ready at a store; null when it is none.</summary>
    public DateTimeOffset? PickupExpiresAt { get; set; }

    public string FailsWith { get; set; } = "bank_refused";

    /// <summary>Fields in which every price is not what was ordered.</summary>
    public IReadOnlyList<string> QuoteDifferences { get; set; } = [];

    public Refusal? ExecuteRefusal { get; set; }

    /// <summary>The quotes that were executed: money left the wallet once for each.</summary>
    public List<string> Executed { get; } = [];

    public OmsAnswer<QuoteState> CreateQuote(CreateQuoteRequest request)
    {
        if (QuoteRefusal is { } refusal)
            return refusal;
        var id = $"qt_{request.Round}";
        _quotes.TryAdd(id, now() + quoteLifetime);
        return new QuoteState(id, 25m, 24.75m, 0.25m, 0.99m, _quotes[id], request.Round, 0) { Differences = QuoteDifferences };
    }

    public OmsAnswer<PayoutSnapshot> Execute(ExecutePayoutRequest request)
    {
        if (ExecuteRefusal is { } refusal)
            return refusal;
        if (!Executed.Contains(request.QuoteId))
        {
            if (now() >= _quotes[request.QuoteId])
                return new Refusal("quote_expired", 422, [], null);
            Executed.Add(request.QuoteId);
        }

        return Snapshot();
    }

    public PayoutSnapshot Read()
    {
        return Snapshot();
    }

    private PayoutSnapshot Snapshot() => new(
        new PayoutState("txn_9", Status.ToString(), 25m, 24.75m, Status == TransactionStatus.Completed ? now() : null)
        {
            Pickup = PickupExpiresAt is { } expiresAt ? new(expiresAt, "Store", "Street") : null,
        },
        Status,
        Status == TransactionStatus.Failed ? FailsWith : null);
}
