using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>A success counts only when it is what was asked for; members nobody uses may have any form.</summary>
public sealed class ProofTests
{
    private const string CashInId = "ci_01kt7jrjg0f1bahgjdyw12t9sj";
    private const string TransactionId = "txn_01kt7jrjg0e7582bhnhvbbghpn";

    private static readonly string Completed = Fixture.Text("resources/cash-in.completed.json");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"ci_1\"")]
    [InlineData("<html>canary</html>")]
    [InlineData("""{"error":{"code":"internal"}}""")]
    [InlineData("""{"id":"ci_1","status":"processing","error":{"code":"internal"}}""")]
    [InlineData("""{"id":"ci_1","status":"processing","error":"internal"}""")]
    [InlineData("""{"id":"ci_1","status":"processing","errors":[{"message":"canary"}]}""")]
    [InlineData("""{"id":"ci_1","status":"processing","success":false}""")]
    [InlineData("""{"id":"ci_2","status":"processing"}""")]
    [InlineData("""{"id":"CI_1","status":"processing"}""")]
    [InlineData("""{"id":null,"status":"processing"}""")]
    [InlineData("""{"id":1,"status":"processing"}""")]
    [InlineData("""{"id":["ci_1"],"status":"processing"}""")]
    [InlineData("""{"id":"ci_1"}""")]
    [InlineData("""{"id":"ci_1","status":null}""")]
    [InlineData("""{"id":"ci_1","status":""}""")]
    [InlineData("""{"id":"ci_1","status":3}""")]
    [InlineData("""{"id":"ci_1","status":["processing"]}""")]
    [InlineData("""{"id":"ci_1","status":"processing","status":"completed"}""")]
    [InlineData("""{"id":"ci_1","status":"pending"}""")]
    [InlineData("""{"id":"ci_1","status":"pending","depositInstructions":{"code":"715 06624"}}""")]
    [InlineData("""{"id":"ci_1","status":"pending","depositInstructions":{"code":"","expiresAt":"2026-06-10T16:02:00Z"}}""")]
    [InlineData("""{"id":"ci_1","status":"processing","transactionId":""}""")]
    [InlineData("""{"id":"ci_1","status":"processing","transactionId":"txn_é"}""")]
    [InlineData("""{"id":"ci_1","status":"processing","transactionId":"txn_\ud83d"}""")]
    [InlineData("""{"id":"ci_1","status":"processing"} {"id":"ci_1","status":"completed"}""")]
    [InlineData("""{"id":"ci_1","status":"processing",""")]
    [InlineData("""{"data":{"id":"ci_1","status":"processing"}}""")]
    public async Task Success_that_is_not_what_was_asked_for_is_no_answer(string body)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, body);

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync("ci_1", default));

        silent.Silence.Should().Be(new OmsSilence("unreadable", null, "GET /cash-ins/{id}", 200, null));
        (silent + string.Join('\n', oms.Logs)).Should().NotContain("canary");
    }

    [Fact]
    public async Task Id_that_nobody_would_make_is_none()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer =
            OmsStub.Json(HttpStatusCode.OK, $$"""{"id":"ci_1","status":"processing","transactionId":"{{new string('x', 256)}}"}""");

        await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync("ci_1", default));
    }

    [Fact]
    public async Task Every_call_for_one_thing_checks_that_it_is_that_one()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => OmsStub.Json(HttpStatusCode.OK, context.Request.Path.Value!.Split('/')[2] switch
        {
            "customers" when context.Request.Method == "POST" => Fixture.Text("resources/wallet.json"),
            "customers" => Fixture.Text("resources/customer.active.json"),
            "quotes" => Fixture.Text("resources/quote.json"),
            "transactions" => Fixture.Text("resources/transaction.cryptoToCrypto.completed.json"),
            "webhooks" => Fixture.Text("resources/webhook.json"),
            _ => Completed,
        })(context);

        Func<Task>[] calls =
        [
            () => oms.Client.GetCustomerAsync("other", default),
            () => oms.Client.UpdateCustomerAsync("other", new CustomerUpdate(), default),
            () => oms.Client.CreateWalletAsync("other", new WalletRequest("usdc", "polygon"), "k", default),
            () => oms.Client.CreateCashInAsync(Requests.CashIn with { CustomerId = "other" }, "k", default),
            () => oms.Client.GetCashInAsync("other", default),
            () => oms.Client.RefreshCashInAsync("other", "k", default),
            () => oms.Client.CreateQuoteAsync(Requests.Quote with { CustomerId = "other" }, "k", default),
            () => oms.Client.GetQuoteAsync("other", default),
            () => oms.Client.CreateTransactionAsync(new TransactionRequest { QuoteId = "other" }, "k", default),
            () => oms.Client.GetTransactionAsync("other", default),
            () => oms.Client.GetWebhookAsync("other", default),
            () => oms.Client.UpdateWebhookAsync("other", new WebhookUpdate(), default),
        ];

        foreach (var call in calls)
        {
            (await Assert.ThrowsAsync<OmsNoAnswerException>(call)).Silence.Cause.Should().Be("unreadable");
        }
    }

    [Fact]
    public async Task Transaction_completed_with_an_error_contradicts_itself()
    {
        await using var oms = await OmsHarness.StartAsync();
        var answer = Fixture.Node("resources/transaction.fiatToCrypto.completed.json");
        answer["error"] = new JsonObject { ["code"] = "provider_order_failed" };
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, answer.ToJsonString());

        await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetTransactionAsync(TransactionId, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"id":"whk_1","deleted":true}""")]
    public async Task Deletion_done_in_any_words_is_done(string body)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, body);

        await oms.Client.DeleteWebhookAsync("whk_1", default);

        oms.Failures.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"error":{"code":"internal"}}""")]
    [InlineData("<html>canary</html>")]
    public async Task Deletion_not_done_is_no_answer(string body)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, body);

        await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.DeleteWebhookAsync("whk_1", default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json;charset=utf8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/json; charset=x-unknown")]
    [InlineData("text/plain")]
    [InlineData("nonsense")]
    public async Task Content_type_of_any_spelling_does_not_matter(string? contentType)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = OmsStub.Raw(HttpStatusCode.OK, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Completed)], contentType);

        (await oms.Client.GetCashInAsync(CashInId, default)).Status.Should().Be(CashInStatus.Completed);
    }

    [Theory]
    [InlineData("rates")]
    [InlineData("omsFeeSchedule")]
    [InlineData("location")]
    [InlineData("cash")]
    [InlineData("feesDeducted")]
    [InlineData("developerFees")]
    [InlineData("metadata")]
    [InlineData("subStatus")]
    [InlineData("type")]
    [InlineData("createdAt")]
    [InlineData("completedAt")]
    [InlineData("sponsorGas")]
    [InlineData("object")]
    [InlineData("depositInstructions")]
    [InlineData("brandNew")]
    public async Task Cash_in_member_nobody_uses_may_have_any_form(string member)
    {
        await using var oms = await OmsHarness.StartAsync();
        foreach (var form in (string[])["[]", "{}", "null", "7", "1e400", "true", "\"\\ud83d\"", "[[{\"a\":[null]}]]", Deep(5000)])
        {
            var answer = Fixture.Node("resources/cash-in.completed.json").AsObject();
            answer[member] = "@";
            var body = answer.ToJsonString().Replace($"\"{member}\":\"@\"", $"\"{member}\":{form}", StringComparison.Ordinal);
            oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, body);

            var cashIn = await oms.Client.GetCashInAsync(CashInId, default);

            (cashIn.Status, cashIn.Destination!.AmountNet, cashIn.TransactionId).Should().Be(
                (CashInStatus.Completed, 117.70m, TransactionId));
        }
    }

    [Theory]
    [InlineData("rates")]
    [InlineData("cashPickup")]
    [InlineData("depositInstructions")]
    [InlineData("role")]
    [InlineData("metadata")]
    [InlineData("subStatus")]
    [InlineData("sponsorGasCost")]
    [InlineData("createdAt")]
    [InlineData("updatedAt")]
    [InlineData("completedAt")]
    [InlineData("brandNew")]
    public async Task Transaction_member_nobody_uses_may_have_any_form(string member)
    {
        await using var oms = await OmsHarness.StartAsync();
        foreach (var form in (string[])["[]", "{}", "null", "7", "\"\"", "\"x\"", "\"0001-01-01T00:00:00Z\"", Deep(5000)])
        {
            var answer = Fixture.Node("resources/transaction.fiatToCrypto.completed.json").AsObject();
            answer[member] = "@";
            var body = answer.ToJsonString().Replace($"\"{member}\":\"@\"", $"\"{member}\":{form}", StringComparison.Ordinal);
            oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, body);

            var transaction = await oms.Client.GetTransactionAsync(TransactionId, default);

            (transaction.Status, transaction.Destination!.AmountNet).Should().Be((TransactionStatus.Completed, 117.70m));
        }
    }

    [Theory]
    [InlineData("error", "null")]
    [InlineData("error", "\"\"")]
    [InlineData("error", "{}")]
    [InlineData("error", "false")]
    [InlineData("errors", "[]")]
    [InlineData("errors", "{}")]
    [InlineData("success", "true")]
    [InlineData("code", "\"715 06624\"")]
    public async Task Error_that_says_nothing_is_none(string member, string form)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, $$"""{"id":"ci_1","status":"processing","{{member}}":{{form}}}""");

        (await oms.Client.GetCashInAsync("ci_1", default)).Status.Should().Be(CashInStatus.Processing);
    }

    [Theory]
    [InlineData("""{"code":"","expiresAt":""}""")]
    [InlineData("""{"code":null,"expiresAt":"0001-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":7,"expiresAt":7}""")]
    public async Task Code_of_a_cash_in_that_has_its_cash_may_be_of_any_form(string instructions)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer =
            OmsStub.Json(HttpStatusCode.OK, $$"""{"id":"ci_1","status":"processing","depositInstructions":{{instructions}}}""");

        (await oms.Client.GetCashInAsync("ci_1", default)).Status.Should().Be(CashInStatus.Processing);
    }

    [Theory]
    [InlineData("2026-06-10T16:02:00Z")]
    [InlineData("2026-06-10T18:02:00+02")]
    [InlineData("2026-06-10T18:02:00+0200")]
    [InlineData("2026-06-10 16:02:00.000000000+00")]
    [InlineData("2026-06-10T16:02:00")]
    public async Task Time_in_each_form_of_ISO_8601_is_read(string time)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = OmsStub.Json(
            HttpStatusCode.OK, $$$"""{"id":"ci_1","status":"pending","depositInstructions":{"code":"1","expiresAt":"{{{time}}}"}}""");

        var cashIn = await oms.Client.GetCashInAsync("ci_1", default);

        cashIn.DepositInstructions!.ExpiresAt.Should().Be(new DateTimeOffset(2026, 6, 10, 16, 2, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"Bank of Nowhere\"")]
    [InlineData("7")]
    public async Task Details_of_accounts_that_are_only_shown_may_have_any_form(string form)
    {
        await using var oms = await OmsHarness.StartAsync();
        var body = $$"""
            {"data":[{"id":"a_1","customerId":"cst_1","status":"verified","bankDetails":{{form}},"cardDetails":{{form}}}],"hasMore":false}
            """;
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, body);

        (await oms.Client.ListExternalAccountsAsync("cst_1", default)).Single().BankDetails.Should().BeNull();
        (await oms.Client.ListVirtualAccountsAsync("cst_1", default)).Single().BankDetails.Should().BeNull();
    }

    [Fact]
    public async Task Texts_about_an_endorsement_are_kept_short_and_few()
    {
        await using var oms = await OmsHarness.StartAsync();
        var texts = string.Join(',', Enumerable.Range(0, 500).Select(each => $"\"{each}{new string('x', 4000)}\""));
        oms.Stub.Answer = OmsStub.Json(
            HttpStatusCode.OK,
            $$$"""
            {"id":"cst_1","endorsements":[{"name":"usd","status":"ISSUES",
             "requirements":{"issues":[{{{texts}}}]},"rejectionReasons":[{{{texts}}}]}]}
            """);

        var usd = (await oms.Client.GetCustomerAsync("cst_1", default)).Endorsements.Single();

        usd.Issues.Should().HaveCount(8).And.AllSatisfy(text => text.Length.Should().BeLessThanOrEqualTo(200));
        usd.RejectionReasons.Should().HaveCount(8);
    }

    [Theory]
    [InlineData("usdc", "polygon", true)]
    [InlineData("USDC", "Polygon", true)]
    [InlineData("usdt", "polygon", false)]
    [InlineData("usdc", "ethereum", false)]
    public async Task Wallet_is_compared_as_vocabulary(string asset, string chain, bool same)
    {
        await using var oms = await OmsHarness.StartAsync();
        var member = asset == "USDC" ? "network" : "chain";
        oms.Stub.Answer = OmsStub.Json(
            HttpStatusCode.OK,
            $$"""{"data":[{"id":"wlt_1","asset":"{{asset}}","{{member}}":"{{chain}}","status":"ACTIVE"}],"hasMore":false}""");

        var wallet = (await oms.Client.ListWalletsAsync("cst_1", default)).Single();

        (wallet.Holds("usdc", "polygon"), wallet.Status).Should().Be((same, WalletStatus.Active));
    }

    private static string Deep(int depth) => new string('[', depth) + new string(']', depth);
}
