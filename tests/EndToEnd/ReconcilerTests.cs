using System.Text.Json.Nodes;
using OmsWorkflows.Soak.Books;
using OmsWorkflows.Soak.Plans;
using OmsWorkflows.Soak.Playing;

namespace OmsWorkflows.EndToEnd;

/// <summary>The soak is worth what its comparison sees: books that agree pass, and each way to lose or double money is named.</summary>
public sealed class ReconcilerTests
{
    private static readonly DateTimeOffset PaidAt = new(2026, 6, 10, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Check_BooksThatAgree_FindsNothing() => Reconciler.Check(Agreeing()).Should().BeEmpty();

    [Fact]
    public void Check_CashAfterTheEndThatWasKept_FindsNothing()
    {
        var late = Agreeing(lastSeenAlive: PaidAt - TimeSpan.FromMinutes(1), phase: "Expired", state: "Unclaimed");
        Reconciler.Check(late with { Report = Report(unclaimed: "txn_1") }).Should().BeEmpty();
    }

    [Fact]
    public void Check_SettlementNotInTheLedger_IsFound()
        => ShouldFind(Agreeing() with { Ledger = [] }, "txn_1 is settled and 0 times in the ledger");

    [Fact]
    public void Check_SettlementTwiceInTheLedger_IsFound()
        => ShouldFind(Agreeing() with { Ledger = [Row(), Row()] }, "txn_1 is settled and 2 times in the ledger");

    [Fact]
    public void Check_OneCentTooMuch_IsFound()
        => ShouldFind(Agreeing() with { Ledger = [Row() with { Net = 98.01m }] }, "txn_1 settled 98.00 usdc, the ledger says 98.01 usdc");

    [Fact]
    public void Check_CreditWithoutSettlement_IsFound()
        => ShouldFind(
            Agreeing() with { Ledger = [Row(), Row() with { TransactionId = "txn_2" }] }, "txn_2 is in the ledger and was never settled");

    [Fact]
    public void Check_CreditedToAnotherJourney_IsFound()
        => ShouldFind(Agreeing() with { Ledger = [Row() with { JourneyId = "ci-2" }] }, "txn_1 of ci-1 is booked for ci-2");

    [Fact]
    public void Check_MoneyKeptAlthoughItsJourneyLived_IsFound()
        => ShouldFind(
            Agreeing(lastSeenAlive: PaidAt + TimeSpan.FromMinutes(1), phase: "Expired", state: "Unclaimed") with
            {
                Report = Report(unclaimed: "txn_1"),
            },
            "txn_1 was paid in before ci-1 ended as Expired, and was not booked");

    [Fact]
    public void Check_CompletedWithoutSettlement_IsFound()
    {
        var books = Agreeing();
        books.Journeys[0].Document.Remove("settlement");
        ShouldFind(books, "ci-1 is Completed without a settlement");
    }

    [Fact]
    public void Check_JourneyThatDoesNotEnd_IsFound()
    {
        var books = Agreeing();
        books.Journeys[0].Document["ended"] = false;
        ShouldFind(books, "ci-1 did not end");
    }

    [Fact]
    public void Check_CashWithoutTransaction_IsFound()
        => ShouldFind(Agreeing() with { Cash = [new("ci-1", 100m), new("ci-2", 20m)] }, "ci-2 paid 20 and has 0 transactions");

    [Fact]
    public void Check_CashOfAnotherAmount_IsFound() => ShouldFind(Agreeing() with { Cash = [new("ci-1", 100.01m)] }, "ci-1 paid 100.01");

    [Fact]
    public void Check_SecondCashInOfAJourney_IsFound()
    {
        var books = Agreeing();
        ShouldFind(books with { Oms = books.Oms with { CashIns = [Made("ci_1"), Made("ci_2")] } }, "ci-1 made 2 cash-ins");
    }

    [Fact]
    public void Check_SecondCustomerOfAJourney_IsFound()
    {
        var books = Agreeing();
        ShouldFind(books with { Oms = books.Oms with { Customers = [Customer("cst_1"), Customer("cst_2")] } }, "ci-1 made 2 customers");
    }

    [Fact]
    public void Check_SecondWallet_IsFound()
    {
        var books = Agreeing();
        books.Oms.Customers[0]["wallets"]?.AsArray().Add(new JsonObject());
        ShouldFind(books, "cst_1 has 2 wallets");
    }

    [Fact]
    public void Check_OwnReportThatSeesOtherwise_IsFound()
        => ShouldFind(Agreeing() with { Report = Report(unclaimed: "txn_1") }, "other settlements as unclaimed");

    private static void ShouldFind(RunBooks books, string violation)
        => Reconciler.Check(books).Should().Contain(found => found.Contains(violation, StringComparison.Ordinal));

    /// <summary>One journey, paid and booked; or, in another phase, paid and kept.</summary>
    private static RunBooks Agreeing(DateTimeOffset? lastSeenAlive = null, string phase = "Completed", string state = "Booked")
    {
        var document = new JsonObject { ["id"] = "ci-1", ["phase"] = phase, ["ended"] = true, ["customerId"] = "cst_1" };
        if (state == "Booked")
            document["settlement"] = new JsonObject { ["transactionId"] = "txn_1", ["net"] = "98.00" };
        var plan = new JourneyPlan(0, null, Review.Approved, Payment.FirstCode, 100m, TimeSpan.Zero, false);
        var transaction = Made("txn_1");
        transaction["status"] = "completed";
        transaction["createdAt"] = PaidAt;
        transaction["source"] = new JsonObject { ["amountGross"] = "100.00" };
        var settlement = new JsonObject { ["transactionId"] = "txn_1", ["net"] = "98.00", ["asset"] = "usdc" };
        return new RunBooks(
            [new PlayedJourney(plan, "ci-1", document, lastSeenAlive ?? PaidAt, null)], [], [new CashTaken("ci-1", 100m)],
            new OmsBooks([Customer("cst_1")], [Made("ci_1")], [transaction], [settlement], []),
            [state == "Booked" ? Row() : Row() with { State = state, JourneyId = null }], Report());
    }

    private static LedgerRow Row() => new("txn_1", 98.00m, "usdc", "Booked", "ci-1");

    private static JsonObject Made(string id) => new() { ["id"] = id, ["metadata"] = new JsonObject { ["workflowId"] = "ci-1" } };

    private static JsonObject Customer(string id)
    {
        var customer = Made(id);
        customer["wallets"] = new JsonArray(new JsonObject());
        return customer;
    }

    private static JsonObject Report(params string[] unclaimed) => new()
    {
        ["missing"] = new JsonArray(),
        ["mismatched"] = new JsonArray(),
        ["unfounded"] = new JsonArray(),
        ["unclaimed"] = new JsonArray([.. unclaimed.Select(id => (JsonNode)id)]),
    };
}
