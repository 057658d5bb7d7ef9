using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Benchmarks.Webhooks;

/// <summary>Makes signed deliveries, each with an id of its own.</summary>
internal sealed class DeliveryMaker(string secret, IReadOnlyList<string> waiting)
{
    /// <summary>What is sent.</summary>
    public const string Workload =
        "half about cash-ins whose journeys wait (one in ten of them makes the journey ask OMS), half about others";

    private int _made;

    public static string NewSecret() => $"whsec_{RandomNumberGenerator.GetHexString(64, lowercase: true)}";

    /// <summary>Body and signature of the next delivery.</summary>
    public (byte[] Body, string Signature) Next()
    {
        var number = Interlocked.Increment(ref _made);
        var listened = number % 2 == 0;
        var cashIn = listened ? waiting[number / 2 % waiting.Count] : $"ci_other{number}";
        var body = Body(number, cashIn, listened && number % 20 == 0 ? "cashIn.expired" : "cashIn.created");
        return (body, WebhookSignature.Sign(body, secret, TimeProvider.System.GetUtcNow()));
    }

    /// <summary>Sends the next delivery over HTTP.</summary>
    /// <returns>Whether it was taken.</returns>
    public async Task<bool> SendAsync(HttpClient receiver)
    {
        var (body, signature) = Next();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/oms") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.HeaderName, signature);
        using var response = await receiver.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    /// <summary>About as long as OMS's own: the whole resource is in it (docs/oms-api.md 9.2).</summary>
    private static byte[] Body(int number, string cashIn, string name)
    {
        var at = TimeProvider.System.GetUtcNow();
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            id = $"whd_{number:D26}",
            @event = name,
            eventId = $"evt_{number:D26}",
            createdAt = at,
            occurredAt = at,
            sequence = number,
            data = new
            {
                id = cashIn,
                @object = "cashIn",
                status = "pending",
                customerId = $"cst_{number:D26}",
                depositInstructions = new
                {
                    code = "175 39231",
                    expiresAt = at,
                    locationName = "Corner Pharmacy #4211",
                    locationAddress = "75 W 23rd St, New York, NY 10010",
                },
                source = new { asset = "usd", network = "cash", indicatedAmount = "100.00", amountGross = "100.00", amountNet = "98.00" },
                destination = new { asset = "usdc", network = "polygon", amountGross = "98.00", amountNet = "98.00" },
                metadata = new { workflowId = $"ci-{number:D26}" },
                createdAt = at,
                updatedAt = at,
            },
        }));
    }
}
