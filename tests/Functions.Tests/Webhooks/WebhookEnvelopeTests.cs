using System.Text;
using System.Text.Json.Nodes;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class WebhookEnvelopeTests
{
    private static readonly DateTimeOffset ReceivedAt = new(2026, 6, 10, 15, 20, 5, TimeSpan.Zero);

    public static TheoryData<string> Payloads
        => new(((string[])["v0.9", "v0.11"]).SelectMany(
            version => Fixture.Names($"webhooks/{version}").Select(name => $"webhooks/{version}/{name}")));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Read_every_documented_event_is_known_and_keeps_ids_only(string payload)
    {
        var json = Fixture.Node(payload);
        var read = WebhookEnvelope.Read(Encoding.UTF8.GetBytes(Fixture.Text(payload)), ReceivedAt);

        read.Signal.Event.Should().NotBe(SignalEvent.Unknown);
        read.Signal.DeliveryId.Should().Be((string)json["id"]!);
        read.Name.Should().Be((string?)json["event"] ?? (string)json["eventType"]!);
        EventNames.Known.Should().Contain(read.Name);
        read.Signal.Sequence.Should().Be((long)json["sequence"]!);
        read.Signal.ResourceId.Should().NotBeEmpty();
        var stored = string.Join('\n', read.Write().Select(column => column.Value));
        foreach (var personal in (string[])["firstName", "lastName", "email", "phone", "externalId"])
            if (json["data"]![personal] is JsonValue value)
                stored.Should().NotContain((string)value!);
    }

    [Theory]
    [InlineData("v0.9/cashIn.completed", SignalEvent.CashInCompleted, "ci_", true)]
    [InlineData("v0.9/transaction.fiatToCrypto.completed", SignalEvent.TransactionCompleted, "ci_", true)]
    [InlineData("v0.9/transaction.fiatToCrypto.processing", SignalEvent.TransactionProcessing, "ci_", false)]
    [InlineData("v0.9/transaction.cryptoToFiat.completed", SignalEvent.TransactionCompleted, "txn_", false)]
    [InlineData("v0.9/transaction.cryptoToCrypto.completed", SignalEvent.TransactionCompleted, "txn_", false)]
    [InlineData("v0.9/customer.endorsement.granted", SignalEvent.EndorsementChanged, "cst_", false)]
    [InlineData("v0.11/endorsement.updated", SignalEvent.EndorsementChanged, "cst_", false)]
    [InlineData("v0.11/wallet.provisioned", SignalEvent.WalletProvisioned, "cst_", false)]
    [InlineData("v0.11/virtualAccount.deposit.settled", SignalEvent.VirtualAccountMoved, "cst_", false)]
    [InlineData("v0.9/webhook.test", SignalEvent.WebhookTest, "whk_", false)]
    public void Read_event_is_filed_under_cash_in_else_transaction_else_customer(string name, SignalEvent kind, string prefix, bool settles)
    {
        var read = Read(Fixture.Text($"webhooks/{name}.json"));
        read.Signal.Event.Should().Be(kind);
        read.Signal.ResourceId.Should().StartWith(prefix);
        read.Settles.Should().Be(settles);
    }

    [Theory]
    [InlineData("v0.11/virtualAccount.deposit.pending", false)]
    [InlineData("v0.11/virtualAccount.deposit.settled", true)]
    [InlineData("v0.11/virtualAccount.deposit.failed", true)]
    [InlineData("v0.11/virtualAccount.deposit.returned", true)]
    [InlineData("v0.11/virtualAccount.cryptoTransfer.settled", true)]
    [InlineData("v0.11/virtualAccount.fiatTransfer.settled", false)]
    [InlineData("v0.9/transaction.fiatToCrypto.completed", false)]
    [InlineData("v0.9/transaction.cryptoToFiat.completed", false)]
    public void Read_what_ends_a_bank_deposit_says_so(string name, bool expected)
        => Read(Fixture.Text($"webhooks/{name}.json")).IsDeposit.Should().Be(expected);

    [Theory]
    [InlineData("transaction.fiatToCrypto.processing", false, false)]
    [InlineData("transaction.fiatToCrypto.completed", true, true)]
    [InlineData("transaction.fiatToCrypto.failed", true, true)]
    [InlineData("transaction.cryptoToFiat.failed", false, true)]
    [InlineData("transaction.fiat_to_crypto.completed", true, true)]
    public void Read_a_transaction_without_a_cash_in_is_a_deposit_if_fiat_became_tokens(string name, bool isDeposit, bool waits)
    {
        var read = Read($$"""{ "id": "whd_1", "event": "{{name}}", "data": { "id": "txn_1", "customerId": "cst_1" } }""");

        read.IsDeposit.Should().Be(isDeposit);
        read.State.Should().Be(waits ? InboxState.Waiting : InboxState.Noted);
        read.Signal.TransactionId.Should().Be("txn_1");
    }

    [Theory]
    [InlineData("processing", SignalEvent.TransactionProcessing)]
    [InlineData("completed", SignalEvent.TransactionCompleted)]
    [InlineData("failed", SignalEvent.TransactionFailed)]
    [InlineData("COMPLETED", SignalEvent.TransactionCompleted)]
    [InlineData("under_review", SignalEvent.TransactionUnderReview)]
    [InlineData("awaitingAction", SignalEvent.TransactionChanged)]
    public void Read_transaction_status_changed_means_what_the_status_says(string status, SignalEvent expected)
    {
        // The name came with v0.11; it replaces transaction.{type}.{state} (docs/oms-api.md 9.4).
        var payload = Fixture.Node("webhooks/v0.9/transaction.fiatToCrypto.completed.json").AsObject();
        payload.Remove("event");
        payload["eventType"] = "transaction.statusChanged";
        payload["data"]!["status"] = status;
        var read = Read(payload.ToJsonString());
        read.Signal.Event.Should().Be(expected);
        read.Settles.Should().Be(expected == SignalEvent.TransactionCompleted);
    }

    [Theory]
    [InlineData("""{"id":"whd_1","event":"cashIn.created","eventType":"webhook.test","data":{"id":"ci_1"}}""", SignalEvent.CashInCreated)]
    [InlineData("""{"id":"whd_1","eventType":"cashIn.created","type":"webhook.test","data":{"id":"ci_1"}}""", SignalEvent.CashInCreated)]
    [InlineData("""{"id":"whd_1","type":"cashIn.created","data":{"id":"ci_1"}}""", SignalEvent.CashInCreated)]
    [InlineData("""{"id":"whd_1","event":"cashIn.reversed","data":{"id":"ci_1"}}""", SignalEvent.CashInChanged)]
    [InlineData("""{"id":"whd_1","event":"customer.endorsement.revoked","data":{"id":"cst_1"}}""", SignalEvent.EndorsementChanged)]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":"moon_1"}}""", SignalEvent.Unknown)]
    [InlineData("""{"id":"whd_1","event":"CASHIN.CREATED","data":{"id":"ci_1"}}""", SignalEvent.CashInCreated)]
    [InlineData("""{"id":"whd_1","event":"cash_in.created","data":{"id":"ci_1"}}""", SignalEvent.CashInCreated)]
    [InlineData("""{"id":"whd_1","event":"cash-in.reversed","data":{"id":"ci_1"}}""", SignalEvent.CashInChanged)]
    [InlineData("""{"id":"whd_1","event":"depositAddress.cryptoDeposit.settled","data":{}}""", SignalEvent.DepositAddressMoved)]
    public void Read_name_comes_from_event_else_event_type_else_type(string body, SignalEvent expected)
        => Read(body).Signal.Event.Should().Be(expected);

    [Theory]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged"}""", "whd_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":"moon_1"}}""", "moon_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":"ci_1","object":"cashIn"}}""", "ci_1")]
    [InlineData("""{"id":"whd_1","event":"moon.x","data":{"id":"ci_1","object":"cash_in","customerId":"cst_1"}}""", "ci_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":7,"customerId":["x"]}}""", "whd_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":[1]}""", "whd_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":"text"}""", "whd_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":"mo\ud83don"}}""", "whd_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":"two words"}}""", "whd_1")]
    public void Read_unknown_event_is_noted_under_what_it_names(string body, string resourceId)
    {
        var read = Read(body);
        read.State.Should().Be(InboxState.Noted);
        read.Signal.ResourceId.Should().Be(resourceId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("\uFEFF")]
    [InlineData("""{"id":7,"event":["cashIn.created"],"data":7}""")]
    public void Read_what_says_nothing_is_an_unknown_event_under_its_hash(string body)
    {
        var read = Read(body);

        (read.Name, read.Signal.Event, read.State, read.Settles).Should().Be(
            (WebhookEnvelope.Unnamed, SignalEvent.Unknown, InboxState.Noted, false));
        read.Signal.DeliveryId.Should().StartWith("sha256-").And.HaveLength(39).And.Be(Read(body).Signal.DeliveryId).And.NotBe(
            Read(body + " ").Signal.DeliveryId);
        read.Signal.ResourceId.Should().Be(read.Signal.DeliveryId);
    }

    [Theory]
    [InlineData("""{"event":"cashIn.created","data":{"id":"ci_1"}}""")]
    [InlineData("""{"id":7,"event":"cashIn.created","data":{"id":"ci_1"}}""")]
    [InlineData("""{"id":" ","event":"cashIn.created","data":{"id":"ci_1"}}""")]
    public void Read_without_a_delivery_id_is_still_the_event(string body)
    {
        var read = Read(body);

        (read.Signal.Event, read.Signal.ResourceId).Should().Be((SignalEvent.CashInCreated, "ci_1"));
        read.Signal.DeliveryId.Should().StartWith("sha256-");
    }

    [Theory]
    [InlineData("\"status\":\"completed\",\"name\":\"Caf\\ud83d\"")]
    [InlineData("\"status\":\"completed\",\"rates\":[],\"metadata\":[[]],\"id2\":1e999")]
    [InlineData("\"status\":\"completed\",\"deep\":@")]
    [InlineData("\"status\":\"completed\",\"updatedAt\":[],\"customerId\":{}")]
    public void Read_members_of_any_form_do_not_hide_the_event(string members)
    {
        var deep = new string('[', 10_000) + new string(']', 10_000);
        var odd = members.Replace("@", deep, StringComparison.Ordinal);
        var read = Read($$$"""{"id":"whd_1","event":"cashIn.completed","sequence":"5","data":{"id":"ci_1",{{{odd}}}}}""");

        (read.Signal.Event, read.Signal.ResourceId, read.Signal.Status, read.Signal.Sequence).Should().Be(
            (SignalEvent.CashInCompleted, "ci_1", "completed", 5L));
    }

    [Fact]
    public void Read_texts_that_are_no_words_are_not_kept()
    {
        var read = Read("""{"id":"whd_1","event":"Ana Reyes has moved","data":{"id":"ci_1","status":"Ana Reyes"}}""");

        (read.Name, read.Signal.Status).Should().Be((WebhookEnvelope.Unnamed, null));
    }

    [Fact]
    public void Read_time_no_table_can_hold_is_left_out()
        => Read("""{"id":"whd_1","event":"cashIn.created","data":{"id":"ci_1","updatedAt":"0001-01-01T00:00:00Z"}}""")
            .Signal.UpdatedAt.Should().BeNull();

    [Theory]
    [InlineData("v0.9")]
    [InlineData("v0.11")]
    public void Subscribed_exact_names_cover_every_state_journeys_wait_for(string version)
    {
        var names = EventNames.SubscribedIn(version);

        names.Should().OnlyHaveUniqueItems().And.OnlyContain(
            name => !name.Contains('*') && EventNames.Of(name, null).Event != SignalEvent.Unknown);
        names.Should().Contain(["cashIn.created", "cashIn.expired", "webhook.test"]);
        names.Select(name => EventNames.Of(name, "completed").Event).Should().Contain(
            [SignalEvent.EndorsementChanged, SignalEvent.CashInCompleted, SignalEvent.TransactionCompleted]);
    }

    [Fact]
    public void Subscribed_names_of_v0_11_tell_every_end_of_a_deposit()
        => EventNames.SubscribedIn("v0.11").Where(EventNames.IsOfDeposit).Should().BeEquivalentTo(
            EventNames.Known.Where(name => EventNames.IsOfDeposit(name) && EventNames.EndsDeposit(SignalEvent.VirtualAccountMoved, name)));

    private static InboxEvent Read(string body) => WebhookEnvelope.Read(Encoding.UTF8.GetBytes(body), ReceivedAt);
}
