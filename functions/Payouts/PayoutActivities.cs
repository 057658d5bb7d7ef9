using System.Net;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Payouts;

/// <summary>What a payout does outside: one effect at OMS per activity, each repeatable (DESIGN 4.3).</summary>
public sealed class PayoutActivities(OmsClient oms, Inbox inbox)
{
    /// <summary>Asks for a price. It binds nobody until it is accepted.</summary>
    [Function(nameof(CreateQuote))]
    public Task<OmsAnswer<QuoteState>> CreateQuote([ActivityTrigger] CreateQuoteRequest request, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<QuoteState>(async () =>
        {
            ArgumentNullException.ThrowIfNull(request);
            var quote = await oms.CreateQuoteAsync(ToRequest(request), $"{request.InstanceId}:qt-{request.Round}", cancellationToken);
            var fees = (quote.Source?.FeesDeducted?.Total ?? 0m) + (quote.Destination?.FeesDeducted?.Total ?? 0m);
            return new QuoteState(
                quote.Id,
                quote.Source?.AmountGross,
                quote.Destination?.AmountNet,
                fees,
                quote.Rates?.EffectiveRate,
                quote.ExpiresAt,
                request.Round,
                MaxRounds: 0);
        });

    /// <summary>
    /// Accepts a price and starts to listen for the transaction's events. A quote can be accepted once, so whether it was is looked up first.
    /// </summary>
    [Function(nameof(ExecutePayout))]
    public async Task<OmsAnswer<PayoutSnapshot>> ExecutePayout([ActivityTrigger] ExecutePayoutRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var transaction = await FindExecutedAsync(request, cancellationToken);
        if (transaction is null)
        {
            var body = new TransactionRequest { QuoteId = request.QuoteId, Metadata = JourneyId.ToMetadata(request.InstanceId) };
            var executed = await OmsAnswer.AskAsync<Transaction>(async () =>
                await oms.CreateTransactionAsync(body, $"{request.InstanceId}:txn-{request.QuoteId}", cancellationToken));

            // A refusal may answer a repeated request whose first one went through: only the quote's own state tells.
            transaction = executed.HasValue ? executed.Value : await FindExecutedAsync(request, cancellationToken);
            if (transaction is null)
                return new(null, executed.Refusal);
        }

        var signals = await inbox.ListenAsync(transaction.Id, request.InstanceId, cancellationToken);
        return PayoutSnapshot.Of(transaction) with { Signals = signals };
    }

    /// <summary>Reads how far the payout is.</summary>
    [Function(nameof(ReadPayout))]
    public async Task<PayoutSnapshot> ReadPayout([ActivityTrigger] string transactionId, CancellationToken cancellationToken)
        => PayoutSnapshot.Of(await oms.GetTransactionAsync(transactionId, cancellationToken));

    /// <summary>The transaction of a quote that was accepted; <see langword="null"/> if it was not.</summary>
    private async Task<Transaction?> FindExecutedAsync(ExecutePayoutRequest request, CancellationToken cancellationToken)
    {
        var quote = await FindQuoteAsync(request.QuoteId, cancellationToken);
        if (quote?.Status is QuoteStatus.Open or QuoteStatus.Expired)
            return null;

        var query = new TransactionQuery { CustomerId = request.CustomerId, CreatedAfter = quote?.CreatedAt, Limit = 100 };
        while (true)
        {
            var page = await oms.ListTransactionsAsync(query, cancellationToken);
            if (page.Data.FirstOrDefault(transaction => transaction.QuoteId == request.QuoteId || JourneyId.IsMadeBy(request.InstanceId, transaction.Metadata)) is { } found)
                return found;
            if (!page.HasMore)
            {
                return quote?.Status == QuoteStatus.Accepted
                    ? throw new InvalidOperationException($"Quote {request.QuoteId} was accepted, but OMS lists no transaction for it yet.")
                    : null;
            }

            query = query with { StartingAfter = page.NextCursor };
        }
    }

    /// <summary>OMS may forget old quotes; what was made from them stays.</summary>
    private async Task<Quote?> FindQuoteAsync(string quoteId, CancellationToken cancellationToken)
    {
        try
        {
            return await oms.GetQuoteAsync(quoteId, cancellationToken);
        }
        catch (OmsException e) when (e.StatusCode == HttpStatusCode.NotFound)
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
            Wallet = new WalletTarget { ExternalAccount = request.Order.ExternalAccountId },
        },
        Metadata = JourneyId.ToMetadata(request.InstanceId),
    };
}
