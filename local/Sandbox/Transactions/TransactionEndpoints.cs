using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>Quotes, execution, and reading transactions (docs/oms-api.md 8).</summary>
internal static class TransactionEndpoints
{
    public static void MapTransactions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/quotes", async (HttpRequest request, World world, Payouts payouts, SandboxClock clock) =>
        {
            var wanted = QuoteRequest.Read(await JsonBody.ReadAsync(request));
            lock (world.Gate)
                return Answer.Created(payouts.Price(wanted).View(clock.Now));
        });
        api.MapGet("/quotes/{id}", (string id, World world, SandboxClock clock) =>
        {
            lock (world.Gate)
                return Answer.Ok(World.Find(world.Quotes, id).View(clock.Now));
        });
        api.MapPost("/transactions", async (HttpRequest request, World world, Payouts payouts) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var (quoteId, metadata) = (body.RequiredId("quoteId", "qt"), body.Metadata());
            body.Int("partnerTransactionId");
            body.Check();
            lock (world.Gate)
                return Answer.Created(payouts.Execute(World.Find(world.Quotes, quoteId), metadata).View());
        });
        api.MapGet("/transactions/{id}", (string id, HttpRequest request, World world) =>
        {
            var viewer = request.Query["senderCustomerId"].FirstOrDefault() ?? request.Query["recipientCustomerId"].FirstOrDefault();
            lock (world.Gate)
                return Answer.Ok(World.Find(world.Transactions, id).View(viewer));
        });
        api.MapGet("/transactions", (HttpRequest request, World world) =>
        {
            lock (world.Gate)
                return Answer.Ok(
                    Paging.Cut(Filter(world.Transactions.Values, request), request, transaction => transaction.View(), withPrevious: true));
        });
        api.MapGet("/customers/{id}/transactions", (string id, HttpRequest request, World world) =>
        {
            lock (world.Gate)
            {
                var customer = World.Find(world.Customers, id);
                var own = world.Transactions.Values.Where(
                    transaction => transaction.CustomerId == customer.Id || transaction.RecipientCustomerId == customer.Id);
                return Answer.Ok(
                    Paging.Cut(Filter(own, request), request, transaction => transaction.View(customer.Id), withPrevious: true));
            }
        });
    }

    private static IEnumerable<Transaction> Filter(IEnumerable<Transaction> transactions, HttpRequest request)
    {
        var (type, status) = (Text(request, "type"), Text(request, "status"));
        var (cashInId, quoteId) = (Text(request, "cashInId"), Text(request, "quoteId"));
        var customerId = Text(request, "customerId");
        var (sender, recipient) = (Text(request, "senderCustomerId"), Text(request, "recipientCustomerId"));
        return transactions.Where(transaction =>
            (type is null || transaction.Type == type)
            && (status is null || string.Equals(transaction.Status.ToString(), status, StringComparison.OrdinalIgnoreCase))
            && (cashInId is null || transaction.CashInId == cashInId)
            && (quoteId is null || transaction.QuoteId == quoteId)
            && (customerId is null || transaction.CustomerId == customerId || transaction.RecipientCustomerId == customerId)
            && (sender is null || transaction.CustomerId == sender)
            && (recipient is null || transaction.RecipientCustomerId == recipient));
    }

    private static string? Text(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } text, ..] ? text : null;
}
