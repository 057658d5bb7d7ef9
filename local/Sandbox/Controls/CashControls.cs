using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Money;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>Puts cash on a code in one call, spoils conversions, and tells what was settled.</summary>
internal static class CashControls
{
    public static void MapCash(this IEndpointRouteBuilder sim)
    {
        sim.MapPost("/cash", async (HttpRequest request, World world, Till till) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var (code, cashInId, amount) = (body.Text("code"), body.Text("cashInId"), body.Money("amount"));
            var commit = body.Bool("commit") ?? true;
            if (code is null == cashInId is null)
                body.Wrong("code", "exactly one of code and cashInId is required");
            body.Check();
            lock (world.Gate)
            {
                var cashIn = cashInId is null
                    ? world.CashIns.Values.FirstOrDefault(known => known.Code == code)
                    : World.Find(world.CashIns, cashInId);
                var authorised = till.Authorise(code ?? cashIn!.Code, amount ?? cashIn?.Indicated ?? 100m);
                if (!authorised.Approved || !commit)
                    return Answer.Ok(new { Authorisation = authorised, Commit = (TillAnswer?)null, cashIn?.TransactionId });
                var committed = till.Commit(new TillCommit(
                    authorised.AccountNumber!, authorised.AccountReferenceNumber!, amount ?? cashIn!.Indicated,
                    authorised.ConfirmationId, null));
                return Answer.Ok(new { Authorisation = authorised, Commit = committed, cashIn!.TransactionId });
            }
        });
        sim.MapPost("/conversions/next", async (HttpRequest request, FaultBook faults) =>
        {
            var body = await JsonBody.ReadOptionalAsync(request);
            var (delay, times) = (body.Span("delay"), body.Int("times") ?? 1);
            var fail = body.Bool("fail") ?? delay is null;
            var (code, recoverable) = (body.Text("code"), body.Bool("recoverable") ?? false);
            body.Check();
            FaultRule Of(FaultKind kind)
                => new(kind, FaultMatch.Everything) { Entered = RawJson.Of(new { Fault = kind, times, delay, code, recoverable }) };
            var added = new List<string>();
            if (fail)
                added.Add(faults.Add(Of(FaultKind.FailConversion) with { Times = times, Code = code, Recoverable = recoverable }));
            if (delay is not null)
                added.Add(faults.Add(Of(FaultKind.SlowConversion) with { Times = times, Delay = delay }));
            return Answer.Ok(new { Faults = added });
        });
        sim.MapGet("/ledger", (HttpRequest request, World world) =>
        {
            var customerId = request.Query["customerId"].FirstOrDefault();
            lock (world.Gate)
                return Answer.Ok(LedgerView.Of([.. world.Ledger.Where(entry => customerId is null || entry.CustomerId == customerId)]));
        });
    }

    /// <summary>What OMS settled, in total and by customer.</summary>
    private sealed record LedgerView(
        LedgerSum Total, IReadOnlyDictionary<string, LedgerSum> Customers, IReadOnlyList<LedgerLine> Settlements)
    {
        public static LedgerView Of(IReadOnlyCollection<LedgerEntry> entries) => new(
            LedgerSum.Of(entries),
            entries.GroupBy(entry => entry.CustomerId).ToDictionary(customer => customer.Key, customer => LedgerSum.Of([.. customer])),
            [.. entries.Select(entry => new LedgerLine(
                entry.TransactionId, entry.CashInId, entry.VirtualAccountId, entry.CustomerId, MoneyText.Of(entry.Gross),
                MoneyText.Of(entry.Fees), MoneyText.Of(entry.Net), entry.Asset, entry.Network, entry.TxHash, entry.SettledAt))]);
    }

    private sealed record LedgerSum(int Count, string Gross, string Fees, string Net)
    {
        public static LedgerSum Of(IReadOnlyCollection<LedgerEntry> entries) => new(
            entries.Count,
            MoneyText.Of(entries.Sum(entry => entry.Gross)),
            MoneyText.Of(entries.Sum(entry => entry.Fees)),
            MoneyText.Of(entries.Sum(entry => entry.Net)));
    }

    private sealed record LedgerLine(
        string TransactionId, string? CashInId, string? VirtualAccountId, string CustomerId, string Gross, string Fees, string Net,
        string Asset, string Network, string TxHash, DateTimeOffset SettledAt);
}
