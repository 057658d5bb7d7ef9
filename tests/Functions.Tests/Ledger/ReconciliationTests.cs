using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Functions.Tests.Ledger;

public sealed class ReconciliationTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly DateTimeOffset From = new(2026, 6, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = From.AddDays(1);

    private readonly List<JsonObject> _transactions = [];
    private OmsHarness _oms = null!;
    private SettlementLedger _ledger = null!;

    private Reconciliation Reconciliation
        => new(_oms.Client, _ledger, new SettlementWatch(_oms.Client, _ledger), NullLogger<Reconciliation>.Instance);

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _oms.Stub.Answer = AnswerAsync;
        _ledger = new SettlementLedger(await azurite.TablesAsync(), TimeProvider.System, NullLogger<SettlementLedger>.Instance);
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task RunAsync_EverythingBooked_IsBalancedOverAllPages()
    {
        for (var i = 0; i < 250; i++)
        {
            Settle($"txn_{i}", 100.01m);
            await BookAsync($"txn_{i}", 100.01m);
        }

        var report = await Reconciliation.RunAsync(From, To, null, Token);
        report.Balanced.Should().BeTrue();
        report.Totals.Should().Equal(new AssetTotals("usdc", 250, 25002.50m, 250, 25002.50m, 0m));
        report.Totals[0].Difference.Should().Be(0m);
        _oms.Stub.Calls.Should().HaveCount(3, "a page holds 100");
    }

    [Fact]
    public async Task RunAsync_WhatIsNotCashToTokensOrNotCompleted_DoesNotCount()
    {
        Settle("txn_1", 50m, type: "cryptoToFiat");
        Settle("txn_2", 50m, type: "cryptoToCrypto");
        Settle("txn_3", 50m, status: "processing");
        Settle("txn_4", 50m, status: "failed");
        (await Reconciliation.RunAsync(From, To, null, Token)).Should()
            .BeEquivalentTo(new { Balanced = true, Totals = Array.Empty<AssetTotals>() });
    }

    [Fact]
    public async Task RunAsync_EachKindOfDifference_IsNamed()
    {
        Settle("txn_missing", 10m);
        Settle("txn_unclaimed", 20m);
        Settle("txn_differs", 30m);
        Settle("txn_fine", 40m);
        await _ledger.KeepUnclaimedAsync(Money("txn_unclaimed", 20m), UnclaimedReason.NotBooked, Token);
        await BookAsync("txn_differs", 30.01m);
        await BookAsync("txn_fine", 40m);
        await BookAsync("txn_invented", 50m);

        var report = await Reconciliation.RunAsync(From, To, null, Token);

        report.Balanced.Should().BeFalse();
        report.Missing.Should().Equal("txn_missing");
        report.Unclaimed.Should().Equal("txn_unclaimed");
        report.Mismatched.Should().Equal(new AmountMismatch("txn_differs", 30m, 30.01m));
        report.Unfounded.Should().Equal("txn_invented");
        report.Totals.Should().Equal(new AssetTotals("usdc", 4, 100m, 2, 70.01m, 20m));
        (await _ledger.FindAsync("txn_missing", Token)).Should().BeNull("a report changes nothing");
    }

    [Fact]
    public async Task RunAsync_ToKeepWhatIsMissing_SparesWhatItsJourneyMayStillBook()
    {
        Settle("txn_old", 10m, completedAt: From.AddHours(1));
        Settle("txn_no_cash_in", 11m, completedAt: From.AddHours(1), cashIn: false);
        Settle("txn_young", 12m, completedAt: From.AddHours(3));
        var report = await Reconciliation.RunAsync(From, To, From.AddHours(2), Token);
        report.Missing.Should().Equal("txn_young");
        report.Unclaimed.Should().BeEquivalentTo("txn_old", "txn_no_cash_in");
        (await _ledger.FindAsync("txn_old", Token))!.Reason.Should().Be(UnclaimedReason.NotBooked);
        (await _ledger.FindAsync("txn_no_cash_in", Token))!.Reason.Should().Be(UnclaimedReason.NoCashIn);
    }

    [Fact]
    public async Task RunAsync_SettledInTheSpanButCreatedBefore_IsNotUnfounded()
    {
        Settle("txn_1", 10m, createdAt: From.AddMinutes(-1));
        await BookAsync("txn_1", 10m);
        (await Reconciliation.RunAsync(From, To, null, Token)).Balanced.Should().BeTrue();
    }

    [Fact]
    public Task RunAsync_AnyMixture_SettledIsCreditedAndUnclaimedAndMissing()
        => Gen.Select(Gen.Int[2000, 100000], Gen.Int[0, 3]).Array[0, 12].SampleAsync(async cases =>
        {
            lock (_transactions)
                _transactions.Clear();
            _ledger = new SettlementLedger(await azurite.TablesAsync(), TimeProvider.System, NullLogger<SettlementLedger>.Instance);
            var missing = 0m;
            foreach (var (i, (cents, kind)) in cases.Index())
            {
                var (id, amount) = ($"txn_{i}", cents / 100m);
                Settle(id, amount);
                if (kind == 0)
                    missing += amount;
                else if (kind == 1)
                    await _ledger.KeepUnclaimedAsync(Money(id, amount), UnclaimedReason.NotBooked, Token);
                else
                    await BookAsync(id, amount);
            }

            var report = await Reconciliation.RunAsync(From, To, null, Token);
            var totals = report.Totals.SingleOrDefault() ?? new AssetTotals("usdc", 0, 0m, 0, 0m, 0m);
            return totals.Settled == totals.Credited + totals.Unclaimed + missing && report.Balanced == (totals.Difference == 0m);
        }, iter: 20, threads: 1);

    private void Settle(
        string id, decimal net, string type = "fiatToCrypto", string status = "completed", DateTimeOffset? createdAt = null,
        DateTimeOffset? completedAt = null, bool cashIn = true)
    {
        var transaction = Fixture.Node("resources/transaction.fiatToCrypto.completed.json").AsObject();
        transaction["id"] = id;
        transaction["type"] = type;
        transaction["status"] = status;
        transaction["cashInId"] = cashIn ? "ci_" + id : null;
        transaction["destination"]!["amountNet"] = net.ToString(CultureInfo.InvariantCulture);
        transaction["createdAt"] = (createdAt ?? From.AddMinutes(_transactions.Count)).ToString("O");
        transaction["completedAt"] = (completedAt ?? From.AddHours(1)).ToString("O");
        lock (_transactions)
            _transactions.Insert(0, transaction);
    }

    private Task<bool> BookAsync(string id, decimal net) => _ledger.BookAsync(Money(id, net), Token);

    private static Settlement Money(string id, decimal net)
        => new(id, "ci_" + id, "cst_1", net + 2m, 2m, net, "usdc", "polygon", null, From.AddHours(1), "journey-" + id);

    /// <summary>OMS as far as transactions go: filtered, newest first, in pages (docs/oms-api.md 3.2).</summary>
    private Task AnswerAsync(HttpContext context)
    {
        var id = context.Request.Path.Value!.Split('/')[^1];
        lock (_transactions)
        {
            if (id != "transactions")
            {
                var found = _transactions.FirstOrDefault(transaction => (string)transaction["id"]! == id);
                return found is null
                    ? OmsStub.Json(HttpStatusCode.NotFound, Fixture.Text("errors/404.not_found.json"))(context)
                    : OmsStub.Json(HttpStatusCode.OK, found.ToJsonString())(context);
            }

            var query = context.Request.Query;
            var after = query["startingAfter"].ToString();
            var matching = _transactions
                .Where(
                    transaction => Time(transaction) >= Parse(query["createdAfter"]!)
                        && Time(transaction) <= Parse(query["createdBefore"]!)).ToList();
            var start = after.Length == 0 ? 0 : matching.FindIndex(transaction => (string)transaction["id"]! == after) + 1;
            var page = matching.Skip(start).Take(int.Parse(query["limit"]!, CultureInfo.InvariantCulture)).ToList();
            var answer = new JsonObject
            {
                ["data"] = new JsonArray([.. page.Select(transaction => transaction.DeepClone())]),
                ["hasMore"] = start + page.Count < matching.Count,
                ["nextCursor"] = page.Count > 0 ? (string)page[^1]["id"]! : null,
            };
            return OmsStub.Json(HttpStatusCode.OK, answer.ToJsonString())(context);
        }
    }

    private static DateTimeOffset Time(JsonObject transaction) => Parse((string)transaction["createdAt"]!);

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
