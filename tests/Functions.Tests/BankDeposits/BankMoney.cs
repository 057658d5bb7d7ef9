using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.BankDeposits;

/// <summary>Bank money at OMS: a customer with a wallet, and transactions that came from a bank.</summary>
internal sealed class BankMoney
{
    public const string CustomerId = "cst_1";

    private readonly Dictionary<string, JsonObject> _transactions = new(StringComparer.Ordinal);

    /// <summary>The customer's wallets; none makes every deposit differ.</summary>
    public List<string> Wallets { get; } = ["wlt_1"];

    /// <summary>A completed deposit, changed as a test wants it.</summary>
    public JsonObject Put(string id, Action<JsonObject>? change = null)
    {
        var transaction = JsonNode.Parse(
            $$"""
            {
              "id": "{{id}}", "type": "fiatToCrypto", "status": "completed", "virtualAccountId": "va_1", "paymentRail": "ach",
              "senderCustomerId": "{{CustomerId}}", "recipientCustomerId": "{{CustomerId}}",
              "source": { "asset": "usd", "network": "usBank", "amountGross": "250.00", "feesDeducted": { "total": "1.25" } },
              "destination": { "asset": "usdc", "network": "polygon", "amountNet": "248.75", "wallet": { "id": "wlt_1" } },
              "createdAt": "2026-06-10T14:00:00Z", "updatedAt": "2026-06-10T14:00:05Z", "completedAt": "2026-06-10T14:00:05Z"
            }
            """)!.AsObject();
        change?.Invoke(transaction);
        lock (_transactions)
            _transactions[id] = transaction;
        return transaction;
    }

    public void Fail(string id, string code = "deposit_returned") => Put(id, transaction =>
    {
        transaction["status"] = "failed";
        transaction["completedAt"] = null;
        transaction["error"] = new JsonObject { ["code"] = code };
    });

    /// <summary>The transaction as the client reads it.</summary>
    public static Transaction Read(JsonObject transaction)
        => System.Text.Json.JsonSerializer.Deserialize(transaction.ToJsonString(), OmsJson.Default.Transaction)!;

    public Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/')[2..];
        lock (_transactions)
        {
            return path switch
            {
                ["customers", not CustomerId, "wallets"] => Ok(context, Page([])),
                ["customers", _, "wallets"] => Ok(context, Page(Wallets.Select(id => (JsonNode)new JsonObject
                {
                    ["id"] = id,
                    ["customerId"] = CustomerId,
                    ["asset"] = "usdc",
                    ["chain"] = "polygon",
                    ["status"] = "active",
                }))),
                ["transactions"] or ["customers", _, "transactions"]
                    => Ok(context, Page(_transactions.Values.Select(each => each.DeepClone()))),
                ["transactions", var id] when _transactions.TryGetValue(id, out var found) => Ok(context, found),
                _ => OmsStub.Json(HttpStatusCode.NotFound, Fixture.Text("errors/404.not_found.json"))(context),
            };
        }
    }

    private static JsonObject Page(IEnumerable<JsonNode> items)
        => new() { ["data"] = new JsonArray([.. items]), ["hasMore"] = false };

    private static Task Ok(HttpContext context, JsonNode body) => OmsStub.Json(HttpStatusCode.OK, body.ToJsonString())(context);

    /// <summary>An amount as OMS writes it.</summary>
    public static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
