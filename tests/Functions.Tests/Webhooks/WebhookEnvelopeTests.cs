using System.Text;
using System.Text.Json.Nodes;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class WebhookEnvelopeTests
{
    private static readonly DateTimeOffset ReceivedAt = new(2026, 6, 10, 15, 20, 5, TimeSpan.Zero);

    public static TheoryData<string> Payloads
        => new(
            ((string[])["v0.9", "v0.11"]).SelectMany(
                version => Fixture.Names($"webhooks/{version}").Select(name => $"webhooks/{version}/{name}")));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Every_documented_event_is_known_and_keeps_ids_only(string payload)
    {
        var json = Fixture.Node(payload);
        var read = WebhookEnvelope.Read(Encoding.UTF8.GetBytes(Fixture.Text(payload)), ReceivedAt)!;

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
    public void Event_is_filed_under_cash_in_else_transaction_else_customer(string name, SignalEvent kind, string prefix, bool settles)
    {
        var read = Read(Fixture.Text($"webhooks/{name}.json"))!;

        read.Signal.Event.Should().Be(kind);
        read.Signal.ResourceId.Should().StartWith(prefix);
        read.Settles.Should().Be(settles);
    }

    [Theory]
    [InlineData("processing", SignalEvent.TransactionProcessing)]
    [InlineData("completed", SignalEvent.TransactionCompleted)]
    [InlineData("failed", SignalEvent.TransactionFailed)]
    [InlineData("awaitingAction", SignalEvent.TransactionChanged)]
    public void Transaction_status_changed_means_what_the_status_says(string status, SignalEvent expected)
    {
        // The name came with v0.11; it replaces transaction.{type}.{state} (docs/oms-api.md 9.4).
        var payload = Fixture.Node("webhooks/v0.9/transaction.fiatToCrypto.completed.json").AsObject();
        payload.Remove("event");
        payload["eventType"] = "transaction.statusChanged";
        payload["data"]!["status"] = status;
        var read = Read(payload.ToJsonString())!;

        read.Signal.Event.Should().Be(expected);
        read.Settles.Should().Be(status == "completed");
    }

    [Theory]
    [InlineData("""{"id":"whd_1","event":"cashIn.created","eventType":"webhook.test","data":{"id":"ci_1"}}""", SignalEvent.CashInCreated)]
    [InlineData("""{"id":"whd_1","eventType":"cashIn.created","type":"webhook.test","data":{"id":"ci_1"}}""", SignalEvent.CashInCreated)]
    [InlineData("""{"id":"whd_1","type":"cashIn.created","data":{"id":"ci_1"}}""", SignalEvent.CashInCreated)]
    [InlineData("""{"id":"whd_1","event":"cashIn.reversed","data":{"id":"ci_1"}}""", SignalEvent.CashInChanged)]
    [InlineData("""{"id":"whd_1","event":"customer.endorsement.revoked","data":{"id":"cst_1"}}""", SignalEvent.EndorsementChanged)]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":"moon_1"}}""", SignalEvent.Unknown)]
    public void Name_comes_from_event_else_event_type_else_type(string body, SignalEvent expected)
        => Read(body)!.Signal.Event.Should().Be(expected);

    [Theory]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged"}""", "whd_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":"moon_1"}}""", "moon_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":"ci_1","object":"cashIn"}}""", "ci_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":{"id":7,"customerId":["x"]}}""", "whd_1")]
    [InlineData("""{"id":"whd_1","event":"moon.phaseChanged","data":[1]}""", "whd_1")]
    public void Unknown_event_is_noted_under_what_it_names(string body, string resourceId)
    {
        var read = Read(body)!;

        read.State.Should().Be(InboxState.Noted);
        read.Signal.ResourceId.Should().Be(resourceId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"event":"cashIn.created"}""")]
    [InlineData("""{"id":"whd_1"}""")]
    [InlineData("""{"id":7,"event":"cashIn.created"}""")]
    [InlineData("""{"id":" ","event":"cashIn.created"}""")]
    public void What_is_no_event_is_null(string body) => Read(body).Should().BeNull();

    [Fact]
    public void Too_deep_or_too_long_id_is_null()
    {
        Read($$$"""{"id":"whd_1","event":"cashIn.created","data":{"x":{{{new string('[', 40)}}}{{{new string(']', 40)}}}}}""").Should()
            .BeNull();

        Read($$"""{"id":"{{new string('x', 257)}}","event":"cashIn.created"}""").Should().BeNull();
    }

    [Fact]
    public void Time_no_table_can_hold_is_left_out()
        => Read("""{"id":"whd_1","event":"cashIn.created","data":{"id":"ci_1","updatedAt":"0001-01-01T00:00:00Z"}}""")!.Signal.UpdatedAt
            .Should().BeNull();

    [Fact]
    public void Subscribed_exact_names_cover_every_state_journeys_wait_for()
    {
        EventNames.Subscribed.Should().OnlyHaveUniqueItems().And
            .OnlyContain(name => !name.Contains('*') && EventNames.Of(name, null).Event != SignalEvent.Unknown);

        EventNames.Subscribed.Should().Contain(["cashIn.created", "cashIn.expired", "webhook.test"]);
    }

    private static InboxEvent? Read(string body) => WebhookEnvelope.Read(Encoding.UTF8.GetBytes(body), ReceivedAt);
}
