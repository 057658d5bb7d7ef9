using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>Brings a case's webhooks to the real receiver, signed, in the way its schedule says.</summary>
internal sealed class Postman(WebhookReceiver receiver, DurableTaskClient client, TimeProvider clock)
{
    public const string Secret = "whsec_0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    private const double AMinute = 1;

    /// <summary>
    /// The deliveries of a case, in minutes after its cash-in was made; those of the first moment are brought by <see
    /// cref="BringFirstAsync"/>.
    /// </summary>
    public static List<Delivery> Plan(Schedule schedule)
    {
        List<Delivery> sent =
        [
            .. schedule.Till.Announcements().Select((each, index) => new Delivery(each.At, index, each.Event)),
            .. schedule.Transfer.Announcements()
                .Select((each, index) => new Delivery(each.At, 100 + index, each.Event) { OfTransfer = true }),
        ];
        sent = [.. sent.OrderBy(each => each.At)];
        var last = sent.Count == 0 ? 0 : sent[^1].At;
        List<Delivery> planned = schedule.Post switch
        {
            Post.AllLost => [],
            Post.EachTwice => [.. sent.SelectMany(each => (Delivery[])[each, each])],
            Post.Backwards => [.. sent.AsEnumerable().Reverse().Select(each => each with { At = last })],
            Post.TenMinutesLate => [.. sent.Select(each => each with { At = each.At + 10 })],
            Post.FirstLost => [.. sent.Skip(1)],
            Post.LastLost => [.. sent.SkipLast(1)],
            Post.AnHourLateBackwards => [.. sent.AsEnumerable().Reverse().Select(each => each with { At = last + 65 })],
            Post.BadlySignedFirst => [.. sent.SelectMany(
                each => (Delivery[])[each with { BadlySigned = true }, each with { At = each.At + AMinute }])],

            // OMS sends again what was not answered with success (docs/oms-api.md 9.3).
            Post.StoreDownFirst or Post.StoredButUnanswered => [.. sent.SelectMany(
                each => (Delivery[])[each, each with { At = each.At + AMinute }])],
            _ => sent,
        };
        return [.. planned.OrderBy(each => each.At)];
    }

    /// <summary>What is announced before whoever made the cash-in has heard of it.</summary>
    public async Task BringFirstAsync(Case of)
    {
        foreach (var delivery in Plan(of.Schedule).Where(each => each.At == 0))
            await BringAsync(of, delivery);
    }

    public async Task BringAsync(Case of, Delivery delivery)
    {
        var body = Encoding.UTF8.GetBytes(Envelope(of, delivery));
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.ContentType = "application/json";
        http.Request.ContentLength = body.Length;
        http.Request.Body = new MemoryStream(body);
        http.Request.Headers[WebhookSignature.HeaderName] = WebhookSignature.Sign(
            body, delivery.BadlySigned ? Secret[..^2] + "00" : Secret, clock.GetUtcNow());
        await receiver.ReceiveAsync(http.Request, client);
    }

    private static string Envelope(Case of, Delivery delivery)
    {
        var isCashIn = delivery.Event.StartsWith("cashIn", StringComparison.Ordinal);
        var data = delivery.OfTransfer
            ? $$"""
                { "id": "{{of.TransferId}}", "object": "transaction", "type": "fiatToCrypto",
                  "virtualAccountId": "va_{{of.Number}}", "recipientCustomerId": "{{of.CustomerId}}" }
                """
            : isCashIn
            ? $$"""{ "id": "{{of.CashInId}}", "object": "cashIn", "customerId": "{{of.CustomerId}}" }"""
            : $$"""
                { "id": "{{of.TransactionId}}", "object": "transaction", "type": "fiatToCrypto",
                  "cashInId": "{{of.CashInId}}", "recipientCustomerId": "{{of.CustomerId}}" }
                """;
        var index = delivery.Index.ToString(CultureInfo.InvariantCulture);
        return $$"""{ "id": "whd_{{of.Number}}_{{index}}", "event": "{{delivery.Event}}", "sequence": {{index}}, "data": {{data}} }""";
    }
}

/// <summary>One webhook on its way.</summary>
internal sealed record Delivery(double At, int Index, string Event, bool BadlySigned = false)
{
    /// <summary>Whether it is about the bank transfer.</summary>
    public bool OfTransfer { get; init; }
}
