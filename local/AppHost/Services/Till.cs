using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Processes;

namespace OmsWorkflows.Local.AppHost.Services;

/// <summary>The store's till, played through OMS's documented simulate calls (docs/oms-api.md 10).</summary>
internal sealed class Till(SandboxService sandbox, SandboxKey key, string apiVersion) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new Uri(sandbox.Url), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Scans a code and takes the cash.</summary>
    /// <returns>The till's response code: <c>00</c> is approved, <c>54</c> an expired code (docs/oms-api.md 10).</returns>
    public async Task<string> PayAsync(string code, decimal amount, CancellationToken cancellationToken)
    {
        await SignInAsync(cancellationToken).ConfigureAwait(false);
        var text = amount.ToString("0.00", CultureInfo.InvariantCulture);
        var authorised = await PostAsync("barcode-auth", new JsonObject { ["barcode"] = code, ["amount"] = text, ["storeNumber"] = "4211" }, cancellationToken)
            .ConfigureAwait(false);
        if (Text(authorised, "responseCode") is var refused and not "00") return refused;
        var committed = await PostAsync("auth-commit", new JsonObject
        {
            ["accountNumber"] = Text(authorised, "accountNumber"),
            ["accountReferenceNumber"] = Text(authorised, "accountReferenceNumber"),
            ["amount"] = text,
            ["originalConfirmationId"] = Text(authorised, "confirmationId"),
        }, cancellationToken).ConfigureAwait(false);
        return Text(committed, "responseCode");
    }

    public void Dispose() => http.Dispose();

    private static string Text(JsonObject answer, string member) => answer[member]?.GetValue<string>() ?? "";

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        if (http.DefaultRequestHeaders.Authorization is not null) return;
        using var response = await http.PostAsJsonAsync(
            $"/{apiVersion}/auth/token", new JsonObject { ["apiKey"] = key.ApiKey, ["apiSecret"] = key.ApiSecret }, cancellationToken).ConfigureAwait(false);
        var token = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Text(token, "accessToken"));
    }

    private async Task<JsonObject> PostAsync(string call, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{apiVersion}/cash-ins/simulate/{call}") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", $"till-{Guid.NewGuid():N}");
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) => response.IsSuccessStatusCode
        ? (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken).ConfigureAwait(false))!
        : throw new ProcessFailedException($"The sandbox refused the till: {(int)response.StatusCode}.", [await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)]);
}
