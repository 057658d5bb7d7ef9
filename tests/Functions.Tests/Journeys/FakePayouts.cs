using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Payouts;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>Quotes and payouts at OMS as the orchestrator sees them: a quote runs out, and can be accepted once.</summary>
internal sealed class FakePayouts(TimeSpan quoteLifetime, Func<DateTimeOffset> now, Action<string> note)
{
    private readonly Dictionary<string, DateTimeOffset> _quotes = [];

    public TransactionStatus Status { get; set; } = TransactionStatus.Processing;

    public Refusal? QuoteRefusal { get; set; }

    public Refusal? ExecuteRefusal { get; set; }

    /// <summary>The quotes that were executed: money left the wallet once for each.</summary>
    public List<string> Executed { get; } = [];

    public OmsAnswer<QuoteState> CreateQuote(CreateQuoteRequest request)
    {
        note($"{nameof(PayoutActivities.CreateQuote)}:{request.Round}");
        if (QuoteRefusal is { } refusal)
            return refusal;
        var id = $"qt_{request.Round}";
        _quotes.TryAdd(id, now() + quoteLifetime);
        return new QuoteState(id, 25m, 24.75m, 0.25m, 0.99m, _quotes[id], request.Round, 0);
    }

    public OmsAnswer<PayoutSnapshot> Execute(ExecutePayoutRequest request)
    {
        note($"{nameof(PayoutActivities.ExecutePayout)}:{request.QuoteId}");
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
        note(nameof(PayoutActivities.ReadPayout));
        return Snapshot();
    }

    private PayoutSnapshot Snapshot() => new(
        new PayoutState("txn_9", Status.ToString(), 25m, 24.75m, Status == TransactionStatus.Completed ? now() : null),
        Status,
        Status == TransactionStatus.Failed ? "bank_refused" : null);
}
