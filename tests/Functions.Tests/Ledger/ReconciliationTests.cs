using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Ledger;

public sealed class ReconciliationTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly DateTimeOffset From = new(2026, 6, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = From.AddDays(1);

    private readonly List<JsonObject> _transactions = [];
    private readonly HashSet<string> _unanswered = [];
    private OmsHarness _oms = null!;
    private SettlementLedger _ledger = null!;

    private readonly FakeTimeProvider _clock = new(To);
    private AppTables _tables = null!;

    private Reconciliation Reconciliation => new(
        _oms.Client, _ledger, Watch, new OpenTransactions(_tables, Watch, _clock, NullLogger<OpenTransactions>.Instance),
        new FixedOptions<LedgerOptions>(new()), _clock, NullLogger<Reconciliation>.Instance);

    private SettlementWatch Watch => Watching.For(_oms.Client, _ledger);

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _oms.Stub.Answer = AnswerAsync;
        _tables = await azurite.TablesAsync();
        _ledger = new SettlementLedger(_tables, TimeProvider.System, NullLogger<SettlementLedger>.Instance);
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task Everything_booked_is_balanced_over_all_pages()
    {
        for (var i = 0; i < 250; i++)
        {
            Settle($"txn_{i}", 100.01m);
            await BookAsync($"txn_{i}", 100.01m);
        }

        var report = await Reconciliation.RunAsync(From, To, keep: false, Token);
        report.Balanced.Should().BeTrue();
        report.Totals.Should().Equal(new AssetTotals("usdc", 250, 25002.50m, 250, 25002.50m, 0m));
        report.Totals[0].Difference.Should().Be(0m);
        _oms.Stub.Calls.Should().HaveCount(3, "a page holds 100");
    }

    [Fact]
    public async Task What_is_not_cash_to_tokens_or_not_completed_does_not_count()
    {
        Settle("txn_1", 50m, type: "cryptoToFiat");
        Settle("txn_2", 50m, type: "cryptoToCrypto");
        Settle("txn_3", 50m, status: "processing");
        Settle("txn_4", 50m, status: "failed");
        (await Reconciliation.RunAsync(From, To, keep: false, Token)).Should()
            .BeEquivalentTo(new { Balanced = true, Totals = Array.Empty<AssetTotals>() });
    }

    [Fact]
    public async Task Each_kind_of_difference_is_named()
    {
        Settle("txn_missing", 10m);
        Settle("txn_unclaimed", 20m);
        Settle("txn_differs", 30m);
        Settle("txn_fine", 40m);
        await _ledger.KeepUnclaimedAsync(Money("txn_unclaimed", 20m), UnclaimedReason.NotBooked, Token);
        await BookAsync("txn_differs", 30.01m);
        await BookAsync("txn_fine", 40m);
        await BookAsync("txn_invented", 50m);

        var report = await Reconciliation.RunAsync(From, To, keep: false, Token);

        report.Balanced.Should().BeFalse();
        report.Missing.Should().Equal("txn_missing");
        report.Unclaimed.Should().Equal("txn_unclaimed");
        report.Mismatched.Should().Equal(new AmountMismatch("txn_differs", 30m, 30.01m));
        report.Unfounded.Should().Equal("txn_invented");
        report.Totals.Should().Equal(new AssetTotals("usdc", 4, 100m, 2, 70.01m, 20m));
        (await _ledger.FindAsync("txn_missing", Token)).Should().BeNull("a report changes nothing");
    }

    [Fact]
    public async Task Run_to_keep_what_is_missing_spares_what_its_journey_may_still_book()
    {
        Settle("txn_old", 10m, completedAt: From.AddHours(1));
        Settle("txn_no_cash_in", 11m, completedAt: From.AddHours(1), cashIn: false);
        _clock.SetUtcNow(To);
        Settle("txn_new", 12m, completedAt: To.AddMinutes(-29));

        var report = await Reconciliation.RunAsync(From, To, keep: true, Token);

        report.InFlight.Should().Equal("txn_new");
        report.Missing.Should().BeEmpty();
        report.Unclaimed.Should().BeEquivalentTo("txn_old", "txn_no_cash_in");
        (await _ledger.FindAsync("txn_old", Token))!.Reason.Should().Be(UnclaimedReason.NotBooked);
        (await _ledger.FindAsync("txn_no_cash_in", Token))!.Reason.Should().Be(UnclaimedReason.NoCashIn);
    }

    [Fact]
    public async Task Bank_deposits_are_booked_by_the_run_and_one_that_was_taken_back_counts_no_more()
    {
        SettleDeposit("txn_stays", 10m);
        SettleDeposit("txn_back", 11m);
        await Reconciliation.RunAsync(From, To, keep: true, Token);
        foreach (var id in (string[])["txn_stays", "txn_back"])
            (await _ledger.FindAsync(id, Token))!.State.Should().Be(SettlementState.Booked);

        Change("txn_back", "failed");
        var noticed = await Reconciliation.RunAsync(From, To, keep: false, Token);
        noticed.Unfounded.Should().Equal("txn_back");
        var report = await Reconciliation.RunAsync(From, To, keep: true, Token);

        report.Balanced.Should().BeTrue();
        report.Totals.Should().Equal(new AssetTotals("usdc", 1, 10m, 1, 10m, 0m));
        (await _ledger.FindAsync("txn_back", Token))!.State.Should().Be(SettlementState.Returned);
        (await Reconciliation.RunAsync(From.AddHours(1), To, keep: true, Token)).Balanced
            .Should().BeTrue("a returned row whose transaction is older is founded too");
    }

    [Fact]
    public async Task A_cash_in_that_failed_after_it_was_credited_is_named()
    {
        Settle("txn_1", 10m);
        await BookAsync("txn_1", 10m);
        Change("txn_1", "failed");

        (await Reconciliation.RunAsync(From, To, keep: true, Token)).Unfounded.Should().Equal("txn_1");
    }

    [Fact]
    public async Task Settled_in_the_span_but_created_before_is_not_unfounded()
    {
        Settle("txn_1", 10m, createdAt: From.AddMinutes(-1));
        await BookAsync("txn_1", 10m);
        (await Reconciliation.RunAsync(From, To, keep: false, Token)).Balanced.Should().BeTrue();
    }

    [Fact]
    public async Task While_a_booking_happens_the_report_is_balanced_and_names_what_is_in_flight()
    {
        Settle("txn_1", 10m, completedAt: To.AddSeconds(-1));

        var report = await Reconciliation.RunAsync(From, To, keep: false, Token);

        report.Should().BeEquivalentTo(new { Balanced = true, Missing = Array.Empty<string>(), InFlight = new[] { "txn_1" } });
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_and_not_balanced_and_hides_nothing()
    {
        await BookAsync("txn_unread", 10m);
        await BookAsync("txn_damaged", 11m);
        Settle("txn_damaged", 11m);
        Settle("txn_fine", 12m);
        await BookAsync("txn_fine", 12m);
        _unanswered.Add("txn_unread");
        await _tables.Settlements.UpdateEntityAsync(
            new TableEntity("txn_damaged", "settlement") { ["Net"] = "eleven" }, ETag.All, TableUpdateMode.Merge);

        var report = await Reconciliation.RunAsync(From, To, keep: false, Token);

        report.Balanced.Should().BeFalse();
        report.Unread.Should().BeEquivalentTo("txn_unread", "txn_damaged");
        report.Unfounded.Should().BeEmpty();
        report.Totals.Single().Credited.Should().Be(12m);
    }

    [Fact]
    public async Task What_settles_long_after_its_creation_is_found_although_no_webhook_and_no_journey_tells()
    {
        Settle("txn_slow", 10m, status: "processing", completedAt: From.AddDays(9));
        await Reconciliation.RunAsync(From, To, keep: true, Token);
        Change("txn_slow", "completed");
        _clock.SetUtcNow(From.AddDays(10));

        var report = await Reconciliation.RunAsync(From.AddDays(7), From.AddDays(10), keep: true, Token);

        (await _ledger.FindAsync("txn_slow", Token))!.Should().BeEquivalentTo(
            new { State = SettlementState.Unclaimed, Reason = UnclaimedReason.NotBooked });
        report.Unfounded.Should().BeEmpty();
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.NotImplemented, "{}");
        (await _tables.Index.QueryAsync<TableEntity>("RowKey ge 'unsettled:' and RowKey lt 'unsettled;'").CountAsync()).Should()
            .Be(0, "it is final");
    }

    [Fact]
    public async Task What_no_hourly_run_could_see_is_found_by_the_daily_one_months_back()
    {
        Settle("txn_old", 10m, createdAt: To.AddDays(-60), completedAt: To.AddDays(-1));
        Settle("txn_open", 11m, status: "processing", createdAt: To.AddDays(-89));
        Settle("txn_ancient", 12m, createdAt: To.AddDays(-91), completedAt: To.AddDays(-90));
        var timer = new ReconciliationTimer(
            Reconciliation, new ReconciliationAlarm(_tables, NullLogger<ReconciliationAlarm>.Instance), _clock);

        await timer.ReconcileHourly(new(), Token);
        (await _ledger.FindAsync("txn_old", Token)).Should().BeNull("it was created before the hourly run's look back");
        await timer.ReconcileDaily(new(), Token);

        (await _ledger.FindAsync("txn_old", Token))!.State.Should().Be(SettlementState.Unclaimed);
        (await _ledger.FindAsync("txn_ancient", Token)).Should().BeNull();
        Change("txn_open", "completed");
        await timer.ReconcileHourly(new(), Token);
        (await _ledger.FindAsync("txn_open", Token))!.State.Should().Be(
            SettlementState.Unclaimed, "the daily run noted it, and from then on every run follows it");
    }

    [Fact]
    public async Task A_transaction_that_does_not_fit_itself_is_kept_with_a_reason_of_its_own_and_what_OMS_said()
    {
        Settle("txn_1", 500m);

        await Reconciliation.RunAsync(From, To, keep: true, Token);

        var kept = (await _ledger.FindAsync("txn_1", Token))!;
        kept.Reason.Should().Be(UnclaimedReason.MoneyDiffers);
        JsonNode.Parse(kept.Said!)!["transaction"]!["destinationAmountNet"]!.GetValue<decimal>().Should().Be(500m);
    }

    [Fact]
    public async Task Only_what_differs_twice_in_a_row_is_an_alarm()
    {
        var logs = new ListLogger<ReconciliationAlarm>();
        var alarm = new ReconciliationAlarm(_tables, logs);
        Settle("txn_1", 10m);
        await BookAsync("txn_1", 10.01m);

        await alarm.RaiseAsync("hourly", await Reconciliation.RunAsync(From, To, keep: false, Token), Token);
        logs.Lines.Should().BeEmpty("OMS's list may lag behind");
        await alarm.RaiseAsync("hourly", await Reconciliation.RunAsync(From, To, keep: false, Token), Token);

        logs.Lines.Should().ContainSingle().Which.Should().Contain("txn_1");
    }

    [Fact]
    public Task Any_mixture_settled_is_credited_and_unclaimed_and_missing()
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

            var report = await Reconciliation.RunAsync(From, To, keep: false, Token);
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

    private void SettleDeposit(string id, decimal net)
    {
        Settle(id, net, cashIn: false);
        lock (_transactions)
            _transactions[0]["source"]!["network"] = "usBank";
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
            if (id == "wallets")
                return OmsStub.Json(HttpStatusCode.OK, Fixture.Text("resources/wallets.list.json"))(context);
            if (_unanswered.Contains(id))
                return OmsStub.Json(HttpStatusCode.NotImplemented, "{}")(context);
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

    private void Change(string id, string status)
    {
        lock (_transactions)
            _transactions.Single(transaction => (string)transaction["id"]! == id)["status"] = status;
    }

    private static DateTimeOffset Time(JsonObject transaction) => Parse((string)transaction["createdAt"]!);

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
