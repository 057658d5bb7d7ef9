using System.Text.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>Reading and writing of OMS's JSON (docs/oms-api.md 1, 4 to 9, 13).</summary>
public sealed class ResourceTests
{
    [Theory]
    [InlineData("pending", CashInStatus.Pending, null)]
    [InlineData("processing", CashInStatus.Processing, "txn_01kt7jrjg0e7582bhnhvbbghpn")]
    [InlineData("completed", CashInStatus.Completed, "txn_01kt7jrjg0e7582bhnhvbbghpn")]
    [InlineData("expired", CashInStatus.Expired, null)]
    [InlineData("refreshed", CashInStatus.Pending, null)]
    [InlineData("failed-at-till", CashInStatus.Failed, null)]
    [InlineData("failed-conversion", CashInStatus.Failed, "txn_01kt7jrjg0fp3sgaq57btn0yda")]
    public void Cash_in_every_fixture_has_its_status_and_transaction(string name, CashInStatus status, string? transactionId)
    {
        var cashIn = Fixture.Read($"resources/cash-in.{name}.json", OmsJson.Default.CashIn);

        cashIn.Status.Should().Be(status);
        cashIn.TransactionId.Should().Be(transactionId);
        cashIn.Metadata.Should().Contain("workflowId", "fund-000871-01");
        cashIn.DepositInstructions!.Code.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void Cash_in_completed_has_amounts_as_decimals()
    {
        var cashIn = Fixture.Read("resources/cash-in.completed.json", OmsJson.Default.CashIn);

        cashIn.Source!.Amount.Should().Be(120.00m);
        cashIn.Destination!.AmountNet.Should().Be(117.70m);
        cashIn.DepositInstructions!.ExpiresAt.Should().Be(new DateTimeOffset(2026, 6, 10, 16, 2, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Transaction_fixtures_have_amount_error_and_cash_in()
    {
        var completed = Fixture.Read("resources/transaction.fiatToCrypto.completed.json", OmsJson.Default.Transaction);
        var failed = Fixture.Read("resources/transaction.fiatToCrypto.failed.json", OmsJson.Default.Transaction);

        completed.Status.Should().Be(TransactionStatus.Completed);
        completed.Destination!.AmountNet.Should().Be(117.70m);
        completed.Source!.FeesDeducted!.Total.Should().Be(2.30m);
        completed.Destination.TxHash.Should().StartWith("0x1b5b");
        completed.CashInId.Should().Be("ci_01kt7jrjg0f1bahgjdyw12t9sj");
        completed.Error.Should().BeNull();
        failed.Status.Should().Be(TransactionStatus.Failed);
        failed.Error.Should().Be(new TransactionError { Code = "provider_order_failed", Recoverable = false });
    }

    [Theory]
    [InlineData("active", EndorsementStatus.Active, EndorsementStatus.Active)]
    [InlineData("pending", EndorsementStatus.Pending, EndorsementStatus.Pending)]
    [InlineData("issues", EndorsementStatus.Issues, EndorsementStatus.Pending)]
    [InlineData("rejected", EndorsementStatus.Rejected, EndorsementStatus.Inactive)]
    public void Customer_every_fixture_has_its_endorsements(string name, EndorsementStatus usd, EndorsementStatus custody)
    {
        var customer = Fixture.Read($"resources/customer.{name}.json", OmsJson.Default.Customer);

        customer.StatusOf(Endorsement.Usd).Should().Be(usd);
        customer.StatusOf(Endorsement.CryptoCustody).Should().Be(custody);
        customer.StatusOf("neverAskedFor").Should().Be(EndorsementStatus.Inactive);
    }

    [Fact]
    public void Endorsement_issues_and_rejections_say_what_is_wrong()
    {
        var issues = Fixture.Read("resources/customer.issues.json", OmsJson.Default.Customer).Endorsements[0];
        var rejected = Fixture.Read("resources/customer.rejected.json", OmsJson.Default.Customer).Endorsements[0];

        issues.Missing.Should().Equal("identifyingInformation");
        issues.Issues.Should().Equal("residentialAddress could not be matched");
        rejected.RejectionReasons.Should().Equal("identity_mismatch");
    }

    [Theory]
    [InlineData("""["basic","usd"]""")]
    [InlineData("""["Basic","USD"]""")]
    [InlineData("""[{"name":"BASIC","status":"Active"},{"name":"usd","status":"active","requirements":[],"rejectionReasons":"none"}]""")]
    [InlineData("""[{"name":"basic","status":"ACTIVE"},{"name":"usd","status":"active"}]""")]
    [InlineData("""[{"type":"basic","status":"ACTIVE"},{"endorsement":"usd","status":"ACTIVE","requirements":null,"more":1}]""")]
    public void Customer_older_endorsement_forms_are_read(string endorsements)
    {
        var customer = JsonSerializer.Deserialize($$"""{"id":"cst_1","endorsements":{{endorsements}}}""", OmsJson.Default.Customer)!;

        customer.StatusOf(Endorsement.Basic).Should().Be(EndorsementStatus.Active);
        customer.StatusOf(Endorsement.Usd).Should().Be(EndorsementStatus.Active);
        customer.Endorsements.Select(each => (each.Name, each.StatusText)).Should().Equal(("basic", "ACTIVE"), ("usd", "ACTIVE"));
    }

    [Theory]
    [InlineData("crypto_custody")]
    [InlineData("CRYPTOCUSTODY")]
    [InlineData("crypto-custody")]
    public void Endorsement_in_any_spelling_has_its_documented_name(string name)
    {
        var customer = JsonSerializer.Deserialize(
            $$"""{"id":"cst_1","endorsements":[{"name":"{{name}}","status":"revokedIssues"}]}""", OmsJson.Default.Customer)!;

        customer.Endorsements.Single().Should().BeEquivalentTo(
            new { Name = "cryptoCustody", Status = EndorsementStatus.RevokedIssues, StatusText = "REVOKED_ISSUES" });
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"basic\"")]
    [InlineData("[null]")]
    [InlineData("[7]")]
    [InlineData("[{}]")]
    [InlineData("""[{"name":"basic"}]""")]
    [InlineData("""[{"status":"ACTIVE"}]""")]
    [InlineData("""[{"name":"basic","status":true}]""")]
    [InlineData("""[{"name":"basic","status":"ACTIVE"},{"type":"Basic","status":"REJECTED"}]""")]
    public void Endorsements_that_are_none_cannot_be_read(string endorsements)
    {
        var read = () => JsonSerializer.Deserialize($$"""{"id":"cst_1","endorsements":{{endorsements}}}""", OmsJson.Default.Customer);

        read.Should().Throw<JsonException>();
    }

    [Fact]
    public void Reader_unknown_members_and_values_survive()
    {
        var cashIn =
            JsonSerializer.Deserialize(
                """{"id":"ci_1","status":"onHold","novel":{"a":[1,2]},"transactionId":null}""", OmsJson.Default.CashIn)!;
        var revoked =
            JsonSerializer.Deserialize(
                """{"id":"cst_1","endorsements":[{"name":"usd","status":"REVOKED_ISSUES"},{"name":"x","status":"NEW"}]}""",
            OmsJson.Default.Customer)!;

        cashIn.Status.Should().Be(CashInStatus.Unknown);
        cashIn.StatusText.Should().Be("onHold");
        revoked.StatusOf("usd").Should().Be(EndorsementStatus.RevokedIssues);
        revoked.StatusOf("x").Should().Be(EndorsementStatus.Unknown);
    }

    [Fact]
    public void Reader_older_field_names_are_read_and_the_newest_written()
    {
        var read = JsonSerializer.Deserialize(
            """
            {"id":"ci_1","status":"processing","transaction":"txn_1",
             "destination":{"wallet":{"wallet":"wlt_1","externalAccountId":"cpBcAddr_1"}},
             "cash":{"cashLocationId":"loc_1","cashLocationReference":7}}
            """, OmsJson.Default.CashIn)!;
        var written = JsonSerializer.SerializeToNode(read, OmsJson.Default.CashIn)!.AsObject();

        read.TransactionId.Should().Be("txn_1");
        read.Destination!.Wallet.Should().Be(new WalletTarget { Id = "wlt_1", ExternalAccount = "cpBcAddr_1" });
        written.ContainsKey("transaction").Should().BeFalse();
        written["destination"]!["wallet"]!.AsObject().Select(m => m.Key).Should().BeEquivalentTo("id", "externalAccount");
    }

    [Theory]
    [InlineData("""{"transaction":"old","id":"ci_1","status":"processing","transactionId":"new"}""")]
    [InlineData("""{"transactionId":"new","id":"ci_1","status":"processing","transaction":"old"}""")]
    public void Reader_both_names_the_newest_wins(string json)
        => JsonSerializer.Deserialize(json, OmsJson.Default.CashIn)!.TransactionId.Should().Be("new");

    [Theory]
    [InlineData("2026-06-10T14:00:30Z", 0)]
    [InlineData("2026-06-10T14:00:30.5Z", 5_000_000)]
    [InlineData("2026-06-10T14:00:30.123456789Z", 1_234_567)]
    [InlineData("2026-06-10t14:00:30z", 0)]
    [InlineData("2026-06-10 09:30:30-0430", 0)]
    [InlineData("2026-06-10T16:00:30.000+02:00", 0)]
    [InlineData("2026-06-10T14:00:30", 0)]
    public void Timestamp_any_precision_and_offset_is_the_same_instant(string text, long ticks)
    {
        var quote = JsonSerializer.Deserialize($$"""{"id":"qt_1","status":"open","expiresAt":"{{text}}"}""", OmsJson.Default.Quote)!;

        quote.ExpiresAt.Should().Be(new DateTimeOffset(2026, 6, 10, 14, 0, 30, TimeSpan.Zero).AddTicks(ticks));
    }

    [Theory]
    [InlineData("\"2026-06-10\"")]
    [InlineData("\"2026-06-10T14:00Z\"")]
    [InlineData("\"2026-06-31T14:00:00Z\"")]
    [InlineData("\"2026-06-10T24:00:00Z\"")]
    [InlineData("\"06/10/2026 14:00:00\"")]
    [InlineData("\"2026-06-10T14:00:30.1234567890Z\"")]
    [InlineData("\"٢٠٢٦-06-10T14:00:30Z\"")]
    [InlineData("\"9999-12-31T23:59:59Z\"")]
    [InlineData("\"0001-01-01T00:00:00Z\"")]
    [InlineData("\" 2026-06-10T14:00:30Z\"")]
    [InlineData("1781104806")]
    [InlineData("{}")]
    public void Timestamp_of_another_form_cannot_be_read(string json)
    {
        var read = () => JsonSerializer.Deserialize($$"""{"id":"qt_1","status":"open","expiresAt":{{json}}}""", OmsJson.Default.Quote);

        read.Should().Throw<JsonException>();
    }

    [Theory]
    [InlineData("\"117.70\"", "117.70")]
    [InlineData("\"98.000000\"", "98.000000")]
    [InlineData("\"0.1\"", "0.10")]
    [InlineData("\"-117.70\"", "-117.70")]
    [InlineData("\"1234567890123456789012345678\"", "1234567890123456789012345678")]
    [InlineData("\"0.123456789012345678\"", "0.123456789012345678")]
    [InlineData("117.7", "117.70")]
    public void Money_any_scale_is_exact(string json, string expected)
    {
        var side =
            JsonSerializer.Deserialize(
                $$"""{"id":"ci_1","status":"processing","source":{"amount":{{json}} } }""", OmsJson.Default.CashIn)!.Source!;

        side.Amount.Should().Be(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
        JsonSerializer.SerializeToNode(new CashInRequest
        {
            CustomerId = "c",
            Source = new CashInSource { IndicatedAmount = 100m },
            Destination = new CashInDestination { Wallet = new WalletTarget { Id = "w" } },
            Cash = new CashPlace { LocationId = "l", LocationReference = "r" },
        }, OmsJson.Default.CashInRequest)!["source"]!["indicatedAmount"]!.GetValue<string>().Should().Be("100.00");
    }

    [Theory]
    [InlineData("\"1e3\"")]
    [InlineData("\"1,000.00\"")]
    [InlineData("\"\"")]
    [InlineData("\" 5\"")]
    [InlineData("\"+5\"")]
    [InlineData("\".5\"")]
    [InlineData("\"5.\"")]
    [InlineData("\"-\"")]
    [InlineData("\"1.2.3\"")]
    [InlineData("\"0x10\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"١١٧.70\"")]
    [InlineData("\"79228162514264337593543950335\"")]
    [InlineData("\"117.7000000000000000000000000001\"")]
    [InlineData("\"0.0000000000000000001\"")]
    [InlineData("1e3")]
    [InlineData("1.1770E2")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("true")]
    public void Money_not_a_decimal_string_is_refused(string json)
    {
        var read = ()
            => JsonSerializer.Deserialize(
                $$"""{"id":"ci_1","status":"processing","source":{"amount":{{json}} } }""", OmsJson.Default.CashIn);

        read.Should().Throw<JsonException>().Which.Path.Should().Be("$.source.amount");
    }

    [Fact]
    public void Requests_write_what_the_fixtures_say()
    {
        Same(Requests.Customer, OmsJson.Default.CustomerRequest, "customer.create.request.json");
        Same(Requests.CashIn, OmsJson.Default.CashInRequest, "cash-in.create.request.json");
        Same(new WalletRequest("usdc", "polygon"), OmsJson.Default.WalletRequest, "wallet.create.request.json");
        Same(Requests.Quote, OmsJson.Default.QuoteRequest, "quote.create.request.json");
        Same(new WebhookUpdate { Enabled = false }, OmsJson.Default.WebhookUpdate, "webhook.update.request.json");
        var metadata = new Dictionary<string, string> { ["workflowId"] = "send-000871-01" };
        Same(new TransactionRequest { QuoteId = "qt_01kt7jrjg0e4n9q5r8j5n4ybmr", Metadata = metadata },
            OmsJson.Default.TransactionRequest, "transaction.create.request.json");

        static void Same<T>(T request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string fixture)
            => JsonNode.DeepEquals(JsonSerializer.SerializeToNode(request, type), Fixture.Node($"resources/{fixture}")).Should()
                .BeTrue("{0} should be {1}", JsonSerializer.Serialize(request, type), fixture);
    }

    [Fact]
    public void Metadata_any_insertion_order_has_the_same_bytes()
    {
        static byte[] Bytes(params string[] keys) => JsonSerializer.SerializeToUtf8Bytes(
            Requests.CashIn with { Metadata = keys.ToDictionary(k => k, k => k.ToUpperInvariant()) }, OmsJson.Default.CashInRequest);

        Bytes("b", "a", "c").Should().Equal(Bytes("c", "b", "a"));
    }

    [Fact]
    public void To_string_of_what_holds_personal_data_or_secrets_says_nothing()
    {
        var webhook = Fixture.Read("resources/webhook.created.json", OmsJson.Default.WebhookEndpoint);

        webhook.Secret.Should().StartWith("whsec_");
        var (customer, update) = (Requests.Customer, new CustomerUpdate { LastName = "Reyes" });
        $"{customer} {customer.ResidentialAddress} {customer.IdentifyingInformation![0]} {update} {webhook}".Should()
            .NotContainAny("Ana", "Reyes", "900-00", "24th", "1988", "whsec_");
    }
}
