using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Oms;

/// <summary>
/// The OMS payments API (OMS API 4 to 9), one method per call. Knows nothing of journeys. Every POST takes the idempotency key of its step:
/// repeat an unclear call with the same key and the same values, and there is one effect (DESIGN 4.3).
/// </summary>
/// <remarks>
/// Every method throws <see cref="OmsException"/> when the call does not succeed, and <see cref="ArgumentException"/> for an id that cannot
/// be one. Ids are opaque.
/// </remarks>
public sealed class OmsClient(HttpClient http, ILogger<OmsClient> logger)
{
    private const int MaxPages = 20;

    /// <summary>Creates a customer; its endorsements usually start as <c>PENDING</c> (OMS API 4.1, 4.3).</summary>
    public Task<Customer> CreateCustomerAsync(CustomerRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync("customers", "/customers", request, OmsJson.Default.CustomerRequest, idempotencyKey, OmsJson.Default.Customer, cancellationToken);

    /// <summary>Reads a customer.</summary>
    public Task<Customer> GetCustomerAsync(string customerId, CancellationToken cancellationToken) =>
        GetAsync($"customers/{Segment(customerId)}", "/customers/{id}", OmsJson.Default.Customer, cancellationToken);

    /// <summary>Changes a customer; what was sent may be evaluated again (OMS API 4.4). Setting the same values twice has the effect of once.</summary>
    public Task<Customer> UpdateCustomerAsync(string customerId, CustomerUpdate update, CancellationToken cancellationToken) =>
        PatchAsync($"customers/{Segment(customerId)}", "/customers/{id}", update, OmsJson.Default.CustomerUpdate, OmsJson.Default.Customer, cancellationToken);

    /// <summary>
    /// Finds customers by the caller's own id: how a customer is found again after a lost answer. The filter is not documented
    /// (OMS API 4), so the answers are filtered here as well.
    /// </summary>
    public async Task<IReadOnlyList<Customer>> FindCustomersAsync(string externalId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(externalId);
        var query = new QueryText().Add("externalId", externalId).Add("limit", 100);
        var found = await AllAsync("customers", query, "/customers", OmsJson.Default.OmsPageCustomer, cancellationToken).ConfigureAwait(false);
        return [.. found.Where(customer => customer.ExternalId == externalId)];
    }

    /// <summary>Provisions a wallet; another key makes another wallet, so list before creating (OMS API 5).</summary>
    public Task<Wallet> CreateWalletAsync(string customerId, WalletRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync($"customers/{Segment(customerId)}/wallets", "/customers/{id}/wallets", request, OmsJson.Default.WalletRequest, idempotencyKey,
            OmsJson.Default.Wallet, cancellationToken);

    /// <summary>All wallets of a customer, newest first.</summary>
    public Task<IReadOnlyList<Wallet>> ListWalletsAsync(string customerId, CancellationToken cancellationToken) =>
        AllAsync($"customers/{Segment(customerId)}/wallets", new QueryText(), "/customers/{id}/wallets", OmsJson.Default.OmsPageWallet, cancellationToken);

    /// <summary>Stores that take cash near a point, as OMS orders them (OMS API 6).</summary>
    public async Task<IReadOnlyList<CashLocation>> ListCashLocationsAsync(CashLocationQuery query, CancellationToken cancellationToken)
    {
        var text = new QueryText().Add("provider", query.Provider).Add("latitude", query.Latitude.ToString(CultureInfo.InvariantCulture))
            .Add("longitude", query.Longitude.ToString(CultureInfo.InvariantCulture)).Add("flow", "cashIn").Add("limit", query.Limit);
        var page = await GetAsync($"cash-locations{text}", "/cash-locations", OmsJson.Default.OmsPageCashLocation, cancellationToken).ConfigureAwait(false);
        return page.Data;
    }

    /// <summary>Makes a deposit code (OMS API 7.1).</summary>
    public Task<CashIn> CreateCashInAsync(CashInRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync("cash-ins", "/cash-ins", request, OmsJson.Default.CashInRequest, idempotencyKey, OmsJson.Default.CashIn, cancellationToken);

    /// <summary>Reads a cash-in.</summary>
    public Task<CashIn> GetCashInAsync(string cashInId, CancellationToken cancellationToken) =>
        GetAsync($"cash-ins/{Segment(cashInId)}", "/cash-ins/{id}", OmsJson.Default.CashIn, cancellationToken);

    /// <summary>One page of cash-ins, newest first.</summary>
    public Task<OmsPage<CashIn>> ListCashInsAsync(CashInQuery query, CancellationToken cancellationToken)
    {
        var text = new QueryText().Add("customerId", query.CustomerId).Add("createdAfter", query.CreatedAfter).Add("createdBefore", query.CreatedBefore)
            .Add("startingAfter", query.StartingAfter).Add("limit", query.Limit);
        return GetAsync($"cash-ins{text}", "/cash-ins", OmsJson.Default.OmsPageCashIn, cancellationToken);
    }

    /// <summary>
    /// A new code on the same cash-in. Use a new key for every round, or the answer is the earlier round's code again; 409
    /// <c>invalid_state</c> means cash came in between, or the cash-in is over (OMS API 7.3).
    /// </summary>
    public Task<CashIn> RefreshCashInAsync(string cashInId, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync<object, CashIn>($"cash-ins/{Segment(cashInId)}/refresh", "/cash-ins/{id}/refresh", null, null, idempotencyKey, OmsJson.Default.CashIn, cancellationToken);

    /// <summary>Prices a send or payout.</summary>
    public Task<Quote> CreateQuoteAsync(QuoteRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync("quotes", "/quotes", request, OmsJson.Default.QuoteRequest, idempotencyKey, OmsJson.Default.Quote, cancellationToken);

    /// <summary>Reads a quote.</summary>
    public Task<Quote> GetQuoteAsync(string quoteId, CancellationToken cancellationToken) =>
        GetAsync($"quotes/{Segment(quoteId)}", "/quotes/{id}", OmsJson.Default.Quote, cancellationToken);

    /// <summary>Accepts a quote; 422 <c>quote_expired</c> when it is too late.</summary>
    public Task<Transaction> CreateTransactionAsync(TransactionRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync("transactions", "/transactions", request, OmsJson.Default.TransactionRequest, idempotencyKey, OmsJson.Default.Transaction, cancellationToken);

    /// <summary>Reads a transaction.</summary>
    public Task<Transaction> GetTransactionAsync(string transactionId, CancellationToken cancellationToken) =>
        GetAsync($"transactions/{Segment(transactionId)}", "/transactions/{id}", OmsJson.Default.Transaction, cancellationToken);

    /// <summary>One page of transactions, newest first; of one customer when the query names one.</summary>
    public Task<OmsPage<Transaction>> ListTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken)
    {
        var text = new QueryText().Add("createdAfter", query.CreatedAfter).Add("createdBefore", query.CreatedBefore)
            .Add("startingAfter", query.StartingAfter).Add("limit", query.Limit);
        return query.CustomerId is { } customer
            ? GetAsync($"customers/{Segment(customer)}/transactions{text}", "/customers/{id}/transactions", OmsJson.Default.OmsPageTransaction, cancellationToken)
            : GetAsync($"transactions{text}", "/transactions", OmsJson.Default.OmsPageTransaction, cancellationToken);
    }

    /// <summary>Registers a webhook endpoint. The answer holds its signing secret, this one time (OMS API 9.1).</summary>
    public Task<WebhookEndpoint> CreateWebhookAsync(WebhookRequest request, string idempotencyKey, CancellationToken cancellationToken) =>
        PostAsync("webhooks", "/webhooks", request, OmsJson.Default.WebhookRequest, idempotencyKey, OmsJson.Default.WebhookEndpoint, cancellationToken);

    /// <summary>All registered webhook endpoints, without their secrets.</summary>
    public Task<IReadOnlyList<WebhookEndpoint>> ListWebhooksAsync(CancellationToken cancellationToken) =>
        AllAsync("webhooks", new QueryText(), "/webhooks", OmsJson.Default.OmsPageWebhookEndpoint, cancellationToken);

    /// <summary>Reads a webhook endpoint, without its secret.</summary>
    public Task<WebhookEndpoint> GetWebhookAsync(string webhookId, CancellationToken cancellationToken) =>
        GetAsync($"webhooks/{Segment(webhookId)}", "/webhooks/{id}", OmsJson.Default.WebhookEndpoint, cancellationToken);

    /// <summary>Changes a webhook endpoint.</summary>
    public Task<WebhookEndpoint> UpdateWebhookAsync(string webhookId, WebhookUpdate update, CancellationToken cancellationToken) =>
        PatchAsync($"webhooks/{Segment(webhookId)}", "/webhooks/{id}", update, OmsJson.Default.WebhookUpdate, OmsJson.Default.WebhookEndpoint, cancellationToken);

    /// <summary>Deletes a webhook endpoint. One that is already gone is a 404, as everywhere.</summary>
    public async Task DeleteWebhookAsync(string webhookId, CancellationToken cancellationToken)
    {
        using var request = OmsRequests.Create(HttpMethod.Delete, $"webhooks/{Segment(webhookId)}", "/webhooks/{id}");
        await OmsRequests.SendAsync(http, request, failure => Report(request, failure), cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> GetAsync<T>(string path, string route, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = OmsRequests.Create(HttpMethod.Get, path, route);
        return await OmsRequests.SendAsync(http, request, type, failure => Report(request, failure), cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> PostAsync<TBody, T>(string path, string route, TBody? body, JsonTypeInfo<TBody>? bodyType, string idempotencyKey,
        JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where TBody : class
    {
        using var request = OmsRequests.Create(HttpMethod.Post, path, route);
        request.Headers.TryAddWithoutValidation(IdempotencyKeyHandler.Header, idempotencyKey);
        if (body is not null && bodyType is not null) request.Content = OmsRequests.Body(body, bodyType);
        return await OmsRequests.SendAsync(http, request, type, failure => Report(request, failure), cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> PatchAsync<TBody, T>(
        string path, string route, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = OmsRequests.Create(HttpMethod.Patch, path, route);
        request.Content = OmsRequests.Body(body, bodyType);
        return await OmsRequests.SendAsync(http, request, type, failure => Report(request, failure), cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<T>> AllAsync<T>(
        string path, QueryText query, string route, JsonTypeInfo<OmsPage<T>> type, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        string? cursor = null;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var page = await GetAsync($"{path}{query.With("startingAfter", cursor)}", route, type, cancellationToken).ConfigureAwait(false);
            items.AddRange(page.Data);
            if (!page.HasMore || page.NextCursor is null) return items;
            cursor = page.NextCursor;
        }
        // A cut list would say "not there" of something that is: a second customer would be made.
        throw OmsException.TooManyResults($"GET {route}");
    }

    private OmsException Report(HttpRequestMessage request, OmsException failure)
    {
        logger.CallFailed(OmsRequests.Describe(request), failure.Code, (int?)failure.StatusCode, failure.RequestId, failure.IsRetryable, failure.IsAmbiguous);
        return failure;
    }

    /// <summary>An id as one path segment; ids come from outside, and <c>..</c> would climb.</summary>
    private static string Segment(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return id.All(c => c == '.') ? throw new ArgumentException("An id cannot be dots only.", nameof(id)) : Uri.EscapeDataString(id);
    }
}
