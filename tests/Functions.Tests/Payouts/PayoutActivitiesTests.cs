using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Payouts;

/// <summary>A quote is accepted once, whatever OMS answers and however often it is asked.</summary>
public sealed class PayoutActivitiesTests(Azurite azurite)
{
    private const string Execution =
        """{ "id": "txn_1", "object": "transaction", "type": "cryptoToFiat", "status": "processing", "quoteId": "qt_1" }""";

    private static readonly CancellationToken Token = CancellationToken.None;

    [Fact]
    public async Task Open_quote_is_accepted_with_a_key_of_its_own()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => context.Request.Method == "GET" ? Answer(context, Quote("open")) : Answer(context, Execution);

        var result = await (await ActivitiesAsync(oms)).ExecutePayout(new("po-1", "cst_1", "qt_1"), Token);

        result.Value!.Payout.TransactionId.Should().Be("txn_1");
        oms.Stub.Calls.Where(call => call.Method == "POST").Should().ContainSingle().Which.IdempotencyKey.Should().Be("po-1:txn-qt_1");
    }

    [Fact]
    public async Task Quote_accepted_before_is_found_and_not_sent_again()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => Answer(
            context, context.Request.Path.Value!.Contains("quotes", StringComparison.Ordinal) ? Quote("accepted") : Page(Execution));

        var result = await (await ActivitiesAsync(oms)).ExecutePayout(new("po-1", "cst_1", "qt_1"), Token);

        result.Value!.Payout.TransactionId.Should().Be("txn_1");
        oms.Stub.Calls.Should().OnlyContain(call => call.Method == "GET");
    }

    [Fact]
    public async Task Refused_although_it_went_through_is_found_by_its_quote()
    {
        await using var oms = await OmsHarness.StartAsync();
        var accepted = false;
        oms.Stub.Answer = context =>
        {
            if (context.Request.Method == "POST")
            {
                // OMS forgot the key after a day and now finds the quote used: by the first attempt of this very journey.
                accepted = true;
                return OmsStub.Json(HttpStatusCode.Conflict, """{ "code": "invalid_state", "message": "" }""")(context);
            }

            return Answer(
                context,
                context.Request.Path.Value!.Contains("quotes", StringComparison.Ordinal)
                    ? Quote(accepted ? "accepted" : "open")
                    : Page(Execution));
        };

        var result = await (await ActivitiesAsync(oms)).ExecutePayout(new("po-1", "cst_1", "qt_1"), Token);

        result.Refusal.Should().BeNull();
        result.Value!.Payout.TransactionId.Should().Be("txn_1");
    }

    [Fact]
    public async Task Quote_ran_out_is_a_refusal()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => context.Request.Method == "GET"
            ? Answer(context, Quote("expired"))
            : OmsStub.Json(HttpStatusCode.UnprocessableEntity, Fixture.Text("errors/422.quote_expired.json"))(context);

        var result = await (await ActivitiesAsync(oms)).ExecutePayout(new("po-1", "cst_1", "qt_1"), Token);

        result.Refusal!.Code.Should().Be("quote_expired");
    }

    [Fact]
    public async Task Accepted_but_not_listed_yet_is_tried_again_later()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => Answer(
            context,
            context.Request.Path.Value!.Contains("quotes", StringComparison.Ordinal)
                ? Quote("accepted")
                : """{ "data": [], "hasMore": false }""");
        var activities = await ActivitiesAsync(oms);

        var executed = await activities.ExecutePayout(new("po-1", "cst_1", "qt_1"), Token);

        executed.HasValue.Should().BeFalse();
        executed.Silence!.Cause.Should().Be(OmsCause.TryLater);
        oms.Stub.Calls.Should().OnlyContain(call => call.Method == "GET");
    }

    private async Task<PayoutActivities> ActivitiesAsync(OmsHarness oms)
    {
        var tables = await azurite.TablesAsync();
        return new(
            oms.Client, new Inbox(tables, oms.Time, NullLogger<Inbox>.Instance),
            new Intakes(tables, new EphemeralDataProtectionProvider()));
    }

    private static Task Answer(Microsoft.AspNetCore.Http.HttpContext context, string body)
        => OmsStub.Json(HttpStatusCode.OK, body)(context);

    private static string Quote(string status)
        => $$"""{ "id": "qt_1", "object": "quote", "status": "{{status}}", "createdAt": "2026-06-10T14:00:00Z" }""";

    private static string Page(string item) => $$"""{ "data": [ {{item}} ], "hasMore": false }""";
}
