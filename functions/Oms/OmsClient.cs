using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace OmsWorkflows.Oms;

/// <summary>
/// The OMS payments API (docs/oms-api.md 4 to 9), one method per call. Knows nothing of journeys. Every POST takes the idempotency key of
/// its step: repeat an unclear call with the same key and the same values, and there is one effect
/// (docs/decisions/0003-idempotency-keys.md).
/// </summary>
/// <remarks>
/// Every method throws <see cref="OmsRefusedException"/> when OMS said no, <see cref="OmsNoAnswerException"/> when no answer counts, within
/// <c>Oms:TotalTimeout</c>, and <see cref="ArgumentException"/> for an id that cannot be one. Ids are opaque.
/// </remarks>
public sealed class OmsClient(HttpClient http, OmsCalls calls)
{
    /// <summary>Pages of a look-up; of a listing in date order there may be many more.</summary>
    private const int MaxLookUpPages = 20;
    private const int MaxPages = 10_000;

    /// <summary>Creates a customer; its endorsements usually start as <c>PENDING</c> (docs/oms-api.md 4.1, 4.3).</summary>
    public Task<Customer> CreateCustomerAsync(CustomerRequest request, string idempotencyKey, CancellationToken cancellationToken)
        => PostAsync(
            "customers", "/customers", request, OmsJson.Default.CustomerRequest, idempotencyKey, OmsJson.Default.Customer, Believed,
            cancellationToken);

    /// <summary>Reads a customer.</summary>
    public Task<Customer> GetCustomerAsync(string customerId, CancellationToken cancellationToken)
        => GetAsync(
            $"customers/{Segment(customerId)}", "/customers/{id}", OmsJson.Default.Customer, Is<Customer>(customerId), cancellationToken);

    /// <summary>
    /// Changes a customer; what was sent may be evaluated again (docs/oms-api.md 4.4). Setting the same values twice has the effect of
    /// once.
    /// </summary>
    public Task<Customer> UpdateCustomerAsync(string customerId, CustomerUpdate update, CancellationToken cancellationToken)
        => PatchAsync(
            $"customers/{Segment(customerId)}", "/customers/{id}", update, OmsJson.Default.CustomerUpdate, OmsJson.Default.Customer,
            Is<Customer>(customerId), cancellationToken);

    /// <summary>
    /// Finds customers by the caller's own id: how a customer is found again after a lost answer. The filter is not documented
    /// (docs/oms-api.md 4), so the answers are filtered here as well.
    /// </summary>
    public async Task<IReadOnlyList<Customer>> FindCustomersAsync(string externalId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(externalId);
        var query = new QueryText().Add("externalId", externalId).Add("limit", 100);
        var found = await LookUpAsync("customers", query, "/customers", OmsJson.Default.OmsPageCustomer, Believed, cancellationToken);
        return [.. found.Where(customer => customer.ExternalId == externalId)];
    }

    /// <summary>Provisions a wallet; another key makes another wallet, so list before creating (docs/oms-api.md 5).</summary>
    public Task<Wallet> CreateWalletAsync(
        string customerId, WalletRequest request, string idempotencyKey, CancellationToken cancellationToken)
        => PostAsync(
            $"customers/{Segment(customerId)}/wallets", "/customers/{id}/wallets", request, OmsJson.Default.WalletRequest, idempotencyKey,
            OmsJson.Default.Wallet, wallet => Belongs(wallet, wallet.CustomerId, customerId), cancellationToken);

    /// <summary>All wallets of a customer, newest first.</summary>
    public Task<IReadOnlyList<Wallet>> ListWalletsAsync(string customerId, CancellationToken cancellationToken)
        => LookUpAsync(
            $"customers/{Segment(customerId)}/wallets", new QueryText(), "/customers/{id}/wallets", OmsJson.Default.OmsPageWallet,
            wallet => Belongs(wallet, wallet.CustomerId, customerId), cancellationToken);

    /// <summary>Stores that take or pay out cash near a point, nearest first (docs/oms-api.md 6); the first page only.</summary>
    public async Task<IReadOnlyList<CashLocation>> ListCashLocationsAsync(CashLocationQuery query, CancellationToken cancellationToken)
    {
        var text = new QueryText().Add("provider", query.Provider).Add("latitude", query.Latitude.ToString(CultureInfo.InvariantCulture))
            .Add("longitude", query.Longitude.ToString(CultureInfo.InvariantCulture)).Add("flow", WireNames<CashFlow>.Of(query.Flow))
            .Add("limit", query.Limit);
        var found = await PageAsync(
            "cash-locations", text, "/cash-locations", OmsJson.Default.OmsPageCashLocation, Believed, null, cancellationToken);
        return [.. found.Data.OrderBy(location => location.Distance ?? decimal.MaxValue)];
    }

    /// <summary>Makes a deposit code (docs/oms-api.md 7.1).</summary>
    public Task<CashIn> CreateCashInAsync(CashInRequest request, string idempotencyKey, CancellationToken cancellationToken)
        => PostAsync(
            "cash-ins", "/cash-ins", request, OmsJson.Default.CashInRequest, idempotencyKey, OmsJson.Default.CashIn,
            cashIn => Belongs(cashIn, cashIn.CustomerId, request.CustomerId), cancellationToken);

    /// <summary>Reads a cash-in.</summary>
    public Task<CashIn> GetCashInAsync(string cashInId, CancellationToken cancellationToken)
        => GetAsync($"cash-ins/{Segment(cashInId)}", "/cash-ins/{id}", OmsJson.Default.CashIn, Is<CashIn>(cashInId), cancellationToken);

    /// <summary>One page of cash-ins, newest first.</summary>
    public Task<OmsPage<CashIn>> ListCashInsAsync(CashInQuery query, CancellationToken cancellationToken)
        => PageAsync(
            "cash-ins", Query(query), "/cash-ins", OmsJson.Default.OmsPageCashIn, Believed, query.StartingAfter, cancellationToken);

    /// <summary>
    /// All cash-ins of a query, newest first; each page is a call of its own. Throws when the list turns out not to be whole.
    /// </summary>
    public IAsyncEnumerable<CashIn> ReadCashInsAsync(CashInQuery query, CancellationToken cancellationToken)
        => PagesAsync(
            "/cash-ins", (cursor, token) => ListCashInsAsync(query with { StartingAfter = cursor }, token), query.StartingAfter, MaxPages,
            cancellationToken);

    /// <summary>
    /// A new code on the same cash-in. Use a new key for every round, or the answer is the earlier round's code again; 409
    /// <c>invalid_state</c> means cash came in between, or the cash-in is over (docs/oms-api.md 7.3).
    /// </summary>
    public Task<CashIn> RefreshCashInAsync(string cashInId, string idempotencyKey, CancellationToken cancellationToken)
        => PostAsync<object, CashIn>(
            $"cash-ins/{Segment(cashInId)}/refresh", "/cash-ins/{id}/refresh", null, null, idempotencyKey, OmsJson.Default.CashIn,
            Is<CashIn>(cashInId), cancellationToken);

    /// <summary>Prices a send or payout.</summary>
    public Task<Quote> CreateQuoteAsync(QuoteRequest request, string idempotencyKey, CancellationToken cancellationToken)
        => PostAsync(
            "quotes", "/quotes", request, OmsJson.Default.QuoteRequest, idempotencyKey, OmsJson.Default.Quote,
            quote => Belongs(quote, quote.CustomerId, request.CustomerId), cancellationToken);

    /// <summary>Reads a quote.</summary>
    public Task<Quote> GetQuoteAsync(string quoteId, CancellationToken cancellationToken)
        => GetAsync($"quotes/{Segment(quoteId)}", "/quotes/{id}", OmsJson.Default.Quote, Is<Quote>(quoteId), cancellationToken);

    /// <summary>Accepts a quote; 422 <c>quote_expired</c> when it is too late.</summary>
    public Task<Transaction> CreateTransactionAsync(
        TransactionRequest request, string idempotencyKey, CancellationToken cancellationToken)
        => PostAsync(
            "transactions", "/transactions", request, OmsJson.Default.TransactionRequest, idempotencyKey, OmsJson.Default.Transaction,
            transaction => Belongs(transaction, transaction.QuoteId, request.QuoteId), cancellationToken);

    /// <summary>Reads a transaction.</summary>
    public Task<Transaction> GetTransactionAsync(string transactionId, CancellationToken cancellationToken)
        => GetAsync(
            $"transactions/{Segment(transactionId)}", "/transactions/{id}", OmsJson.Default.Transaction, Is<Transaction>(transactionId),
            cancellationToken);

    /// <summary>One page of transactions, newest first; of one customer when the query names one.</summary>
    public Task<OmsPage<Transaction>> ListTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken)
    {
        var (path, template) = Path(query);
        return PageAsync(
            path, Query(query), template, OmsJson.Default.OmsPageTransaction, Believed, query.StartingAfter, cancellationToken);
    }

    /// <summary>
    /// All transactions of a query, newest first; each page is a call of its own. Throws when the list turns out not to be whole.
    /// </summary>
    public IAsyncEnumerable<Transaction> ReadTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken)
        => PagesAsync(
            Path(query).Template, (cursor, token) => ListTransactionsAsync(query with { StartingAfter = cursor }, token),
            query.StartingAfter, MaxPages, cancellationToken);

    /// <summary>A customer's virtual accounts, newest first; early access (docs/oms-api.md 8.1).</summary>
    public Task<IReadOnlyList<VirtualAccount>> ListVirtualAccountsAsync(string customerId, CancellationToken cancellationToken)
        => LookUpOfCustomerAsync(
            "virtual-accounts", customerId, OmsJson.Default.OmsPageVirtualAccount, account => account.CustomerId, cancellationToken);

    /// <summary>Reads a virtual account; early access.</summary>
    public Task<VirtualAccount> GetVirtualAccountAsync(string accountId, CancellationToken cancellationToken)
        => GetAsync(
            $"virtual-accounts/{Segment(accountId)}", "/virtual-accounts/{id}", OmsJson.Default.VirtualAccount,
            Is<VirtualAccount>(accountId), cancellationToken);

    /// <summary>Opens a virtual account; early access. Another key opens another one, so list before creating.</summary>
    public Task<VirtualAccount> CreateVirtualAccountAsync(
        VirtualAccountRequest request, string idempotencyKey, CancellationToken cancellationToken)
        => PostAsync(
            "virtual-accounts", "/virtual-accounts", request, OmsJson.Default.VirtualAccountRequest, idempotencyKey,
            OmsJson.Default.VirtualAccount, account => Belongs(account, account.CustomerId, request.CustomerId), cancellationToken);

    /// <summary>Where a customer's money can be paid to, newest first (docs/oms-api.md 8.1).</summary>
    public Task<IReadOnlyList<ExternalAccount>> ListExternalAccountsAsync(string customerId, CancellationToken cancellationToken)
        => LookUpOfCustomerAsync(
            "external-accounts", customerId, OmsJson.Default.OmsPageExternalAccount, account => account.CustomerId, cancellationToken);

    /// <summary>Registers a webhook endpoint. The answer holds its signing secret, this one time (docs/oms-api.md 9.1).</summary>
    public Task<WebhookEndpoint> CreateWebhookAsync(WebhookRequest request, string idempotencyKey, CancellationToken cancellationToken)
        => PostAsync(
            "webhooks", "/webhooks", request, OmsJson.Default.WebhookRequest, idempotencyKey, OmsJson.Default.WebhookEndpoint, Believed,
            cancellationToken);

    /// <summary>All registered webhook endpoints, without their secrets.</summary>
    public Task<IReadOnlyList<WebhookEndpoint>> ListWebhooksAsync(CancellationToken cancellationToken)
        => LookUpAsync("webhooks", new QueryText(), "/webhooks", OmsJson.Default.OmsPageWebhookEndpoint, Believed, cancellationToken);

    /// <summary>Reads a webhook endpoint, without its secret.</summary>
    public Task<WebhookEndpoint> GetWebhookAsync(string webhookId, CancellationToken cancellationToken)
        => GetAsync(
            $"webhooks/{Segment(webhookId)}", "/webhooks/{id}", OmsJson.Default.WebhookEndpoint, Is<WebhookEndpoint>(webhookId),
            cancellationToken);

    /// <summary>Changes a webhook endpoint.</summary>
    public Task<WebhookEndpoint> UpdateWebhookAsync(string webhookId, WebhookUpdate update, CancellationToken cancellationToken)
        => PatchAsync(
            $"webhooks/{Segment(webhookId)}", "/webhooks/{id}", update, OmsJson.Default.WebhookUpdate, OmsJson.Default.WebhookEndpoint,
            Is<WebhookEndpoint>(webhookId), cancellationToken);

    /// <summary>Deletes a webhook endpoint. One that is already gone is refused with 404, as everywhere.</summary>
    public async Task DeleteWebhookAsync(string webhookId, CancellationToken cancellationToken)
    {
        using var request = OmsRequest.Create(HttpMethod.Delete, $"webhooks/{Segment(webhookId)}", "/webhooks/{id}");
        await calls.TellAsync(http, request, cancellationToken);
    }

    private async Task<T> GetAsync<T>(
        string path, string template, JsonTypeInfo<T> type, Func<T, string?> doubt, CancellationToken cancellationToken)
        where T : class
    {
        using var request = OmsRequest.Create(HttpMethod.Get, path, template);
        return await calls.AskAsync(http, request, type, doubt, cancellationToken);
    }

    private async Task<T> PostAsync<TBody, T>(
        string path, string template, TBody? body, JsonTypeInfo<TBody>? bodyType, string idempotencyKey, JsonTypeInfo<T> type,
        Func<T, string?> doubt, CancellationToken cancellationToken)
        where TBody : class
        where T : class
    {
        using var request = OmsRequest.Create(HttpMethod.Post, path, template);
        request.Headers.TryAddWithoutValidation(IdempotencyKeyHandler.Header, idempotencyKey);
        if (body is not null && bodyType is not null)
        {
            request.Content = OmsRequest.Body(body, bodyType);
        }

        return await calls.AskAsync(http, request, type, doubt, cancellationToken);
    }

    private async Task<T> PatchAsync<TBody, T>(
        string path, string template, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, Func<T, string?> doubt,
        CancellationToken cancellationToken)
        where T : class
    {
        using var request = OmsRequest.Create(HttpMethod.Patch, path, template);
        request.Content = OmsRequest.Body(body, bodyType);
        return await calls.AskAsync(http, request, type, doubt, cancellationToken);
    }

    private Task<OmsPage<T>> PageAsync<T>(
        string path, QueryText query, string template, JsonTypeInfo<OmsPage<T>> type, Func<T, string?> doubt, string? cursor,
        CancellationToken cancellationToken)
        where T : class
        => GetAsync(
            $"{path}{query.With("startingAfter", cursor)}", template, type,
            page => page.Doubt(cursor) ?? page.Data.Select(doubt).FirstOrDefault(each => each is not null), cancellationToken);

    /// <summary>OMS may not know the filter, so the answers are filtered here as well.</summary>
    private async Task<IReadOnlyList<T>> LookUpOfCustomerAsync<T>(
        string list, string customerId, JsonTypeInfo<OmsPage<T>> type, Func<T, string?> ownerOf, CancellationToken cancellationToken)
        where T : class, IOmsResource
    {
        ArgumentException.ThrowIfNullOrEmpty(customerId);
        var query = new QueryText().Add("customerId", customerId).Add("limit", 100);
        var found = await LookUpAsync(list, query, $"/{list}", type, Believed, cancellationToken);
        return [.. found.Where(item => ownerOf(item) == customerId)];
    }

    /// <summary>The whole list, within the time of one call: a look-up that stands still must not stand still once per page.</summary>
    private async Task<IReadOnlyList<T>> LookUpAsync<T>(
        string path, QueryText query, string template, JsonTypeInfo<OmsPage<T>> type, Func<T, string?> doubt,
        CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(http.Timeout);
        try
        {
            var pages = PagesAsync(
                template, (cursor, token) => PageAsync(path, query, template, type, doubt, cursor, token), first: null, MaxLookUpPages,
                limit.Token);
            return await pages.ToListAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NoList(template, OmsCause.TimeOut);
        }
    }

    /// <summary>Every list is read here: to its end, which OMS has to say, and never in a circle.</summary>
    private async IAsyncEnumerable<T> PagesAsync<T>(
        string template, Func<string?, CancellationToken, Task<OmsPage<T>>> read, string? first, int maxPages,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        var cursor = first;
        for (var pages = 0; pages < maxPages; pages++)
        {
            var page = await read(cursor, cancellationToken);
            foreach (var item in page.Data)
            {
                yield return item;
            }

            if (!page.HasMore)
            {
                yield break;
            }

            cursor = page.NextCursor!;
            if (!cursors.Add(cursor))
            {
                break;
            }
        }

        // A cut list would say "not there" of something that is: a second customer would be made.
        throw NoList(template, OmsCause.EndlessList);
    }

    private OmsException NoList(string template, string cause)
        => calls.Report(
            OmsOutcome.NoAnswer(new OmsSilence(cause, RetryAfter: null, $"{HttpMethod.Get} {template}", Status: null, RequestId: null)));

    private static string? Believed(IOmsResource answer) => answer.Doubt();

    /// <summary>Proves that an answer is about what was asked for.</summary>
    private static Func<T, string?> Is<T>(string id)
        where T : IOmsResource
        => answer => answer.Id == id ? answer.Doubt() : "another one's id";

    private static string? Belongs(IOmsResource answer, string? to, string asked)
        => to is null || to == asked ? answer.Doubt() : "somebody else's";

    private static QueryText Query(CashInQuery query)
        => new QueryText().Add("customerId", query.CustomerId).Add("createdAfter", query.CreatedAfter)
            .Add("createdBefore", query.CreatedBefore).Add("limit", query.Limit);

    private static QueryText Query(TransactionQuery query)
        => new QueryText().Add("createdAfter", query.CreatedAfter).Add("createdBefore", query.CreatedBefore).Add("limit", query.Limit);

    private static (string Path, string Template) Path(TransactionQuery query) => query.CustomerId is { } customer
        ? ($"customers/{Segment(customer)}/transactions", "/customers/{id}/transactions")
        : ("transactions", "/transactions");

    /// <summary>An id as one path segment; ids come from outside.</summary>
    private static string Segment(string id)
        => OmsId.IsOne(id) ? Uri.EscapeDataString(id) : throw new ArgumentException("This cannot be an id.", nameof(id));
}
