using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Payouts;

/// <summary>
/// What a payout does outside: one effect at OMS per activity, each repeatable (docs/decisions/0003-idempotency-keys.md).
/// </summary>
public sealed class PayoutActivities(OmsClient oms, Inbox inbox, Intakes intakes)
{
    /// <summary>Asks for a price. It binds nobody until it is accepted.</summary>
    [Function(nameof(CreateQuote))]
    public Task<OmsAnswer<QuoteState>> CreateQuote([ActivityTrigger] CreateQuoteRequest request, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<QuoteState>(async () =>
        {
            ArgumentNullException.ThrowIfNull(request);

            // The first thing a payout does: nobody pays out by starting the orchestration past the app.
            await intakes.GetAsync(request.InstanceId, cancellationToken);
            var quote = await PriceAsync(request, cancellationToken);
            var fees = (quote.Source?.FeesDeducted?.Total ?? 0m) + (quote.Destination?.FeesDeducted?.Total ?? 0m);
            return new QuoteState(
                quote.Id,
                quote.Source?.AmountGross ?? quote.Source?.Amount,
                quote.Destination?.AmountNet,
                fees,
                quote.Rates?.EffectiveRate,
                quote.ExpiresAt,
                request.Round,
                MaxRounds: 0)
            {
                Differences = PayoutComparison.Of(request.Order, quote),
            };
        });

    /// <summary>
    /// Accepts a price and starts to listen for the transaction's events. A quote can be accepted once, so whether it was is looked up
    /// first.
    /// </summary>
    [Function(nameof(ExecutePayout))]
    public Task<OmsAnswer<PayoutSnapshot>> ExecutePayout(
        [ActivityTrigger] ExecutePayoutRequest request, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<PayoutSnapshot>(async () =>
        {
            ArgumentNullException.ThrowIfNull(request);
            var transaction = await FindExecutedAsync(request, cancellationToken);
            if (transaction is null)
            {
                var body = new TransactionRequest { QuoteId = request.QuoteId, Metadata = JourneyId.ToMetadata(request.InstanceId) };
                var executed = await OmsAnswer.AskAsync<Transaction>(async () =>
                    await oms.CreateTransactionAsync(body, $"{request.InstanceId}:txn-{request.QuoteId}", cancellationToken));

                // A refusal may answer a repeated request whose first one went through: only the quote's own state tells.
                transaction = executed.IsRefused ? await FindExecutedAsync(request, cancellationToken) : executed.Value;
                if (transaction is null)
                    return new(null, executed.Refusal, executed.Silence);
            }

            var signals = await inbox.ListenAsync(transaction.Id, request.InstanceId, cancellationToken);
            return PayoutSnapshot.Of(transaction, request) with { Signals = signals };
        });

    /// <summary>Reads how far the payout is.</summary>
    [Function(nameof(ReadPayout))]
    public Task<OmsAnswer<PayoutSnapshot>> ReadPayout([ActivityTrigger] PayoutOfJourney payout, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<PayoutSnapshot>(async () =>
        {
            ArgumentNullException.ThrowIfNull(payout);
            return PayoutSnapshot.Of(await oms.GetTransactionAsync(payout.TransactionId, cancellationToken), payout.Executed);
        });

    /// <summary>
    /// Asks for the price; a reference of the store that has aged is looked up again, and then it is another request. Its key comes from
    /// the reference, so that a retry with the same one repeats it; a quote too many binds nobody.
    /// </summary>
    private async Task<Quote> PriceAsync(CreateQuoteRequest request, CancellationToken cancellationToken)
    {
        var key = $"{request.InstanceId}:qt-{request.Round}";
        try
        {
            return await oms.CreateQuoteAsync(ToRequest(request), key, cancellationToken);
        }
        catch (OmsRefusedException e) when (e.IsAboutTheStore && request.Order.Store?.Place is not null)
        {
            if (await FindStoreAsync(request.Order.Store, request.Order.Store.Place, cancellationToken) is not { } fresh)
                throw;
            var again = request with { Order = request.Order with { Store = fresh } };
            return await oms.CreateQuoteAsync(ToRequest(again), JourneyId.From(key, fresh.Reference), cancellationToken);
        }
    }

    /// <summary>The store with a fresh reference; null when OMS does not list it any more.</summary>
    private async Task<PayoutStore?> FindStoreAsync(PayoutStore store, Place place, CancellationToken cancellationToken)
    {
        var near = new CashLocationQuery(place.Provider, place.Latitude, place.Longitude) { Flow = CashFlow.CashOut, Limit = 20 };
        var found = await oms.ListCashLocationsAsync(near, cancellationToken);
        return found.FirstOrDefault(location => location.Id == store.Id) is { } listed
            ? store with { Reference = listed.LocationReference }
            : null;
    }

    /// <summary>The transaction of a quote that was accepted; <see langword="null"/> if it was not.</summary>
    private async Task<Transaction?> FindExecutedAsync(ExecutePayoutRequest request, CancellationToken cancellationToken)
    {
        var quote = await FindQuoteAsync(request.QuoteId, cancellationToken);
        if (quote?.Status is QuoteStatus.Open or QuoteStatus.Expired)
            return null;

        var query = new TransactionQuery { CustomerId = request.CustomerId, CreatedAfter = quote?.CreatedAt, Limit = 100 };
        await foreach (var transaction in oms.ReadTransactionsAsync(query, cancellationToken))
        {
            if (transaction.QuoteId == request.QuoteId || JourneyId.IsMadeBy(request.InstanceId, transaction.Metadata))
                return transaction;
        }

        // An accepted quote has a transaction, whether or not OMS lists it yet.
        return quote?.Status == QuoteStatus.Accepted
            ? throw OmsOutcome.NoAnswer(new(OmsCause.TryLater, null, "GET /customers/{id}/transactions", null, null))
            : null;
    }

    /// <summary>OMS may forget old quotes; what was made from them stays.</summary>
    private async Task<Quote?> FindQuoteAsync(string quoteId, CancellationToken cancellationToken)
    {
        try
        {
            return await oms.GetQuoteAsync(quoteId, cancellationToken);
        }
        catch (OmsRefusedException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private static QuoteRequest ToRequest(CreateQuoteRequest request) => new()
    {
        CustomerId = request.Order.CustomerId,
        Source = new QuoteSource { WalletId = request.Order.WalletId, Amount = request.Order.Send },
        Destination = new QuoteDestination
        {
            Asset = "usd",
            Network = request.Order.Network,
            Amount = request.Order.Receive,
            Wallet = request.Order.ExternalAccountId is { } account ? new WalletTarget { ExternalAccount = account } : null,
            Cash = request.Order.Store is { } store
                ? new CashPlace { LocationId = store.Id, LocationReference = store.Reference }
                : null,
        },
        Metadata = JourneyId.ToMetadata(request.InstanceId),
    };
}
