using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace OmsWorkflows.Local.AppHost.Calls;

/// <summary>The store's till, played through OMS's documented simulate calls (docs/oms-api.md 10).</summary>
internal sealed class Till(string sandboxUrl, SandboxKey key, string apiVersion) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(sandboxUrl) };

    /// <summary>Scans a code and takes the cash.</summary>
    /// <returns>The till's response code: <c>00</c> is approved, <c>54</c> an expired code (docs/oms-api.md 10).</returns>
    public async Task<string> PayAsync(string code, decimal amount, CancellationToken cancellationToken)
    {
        await SignInAsync(cancellationToken);
        var text = amount.ToString("0.00", CultureInfo.InvariantCulture);
        var authorised = await PostAsync("barcode-auth", new { barcode = code, amount = text, storeNumber = "4211" }, cancellationToken);
        if (authorised.ResponseCode != "00")
            return authorised.ResponseCode;
        var committed = await PostAsync(
            "auth-commit",
            new
            {
                authorised.AccountNumber,
                authorised.AccountReferenceNumber,
                amount = text,
                originalConfirmationId = authorised.ConfirmationId,
            },
            cancellationToken);
        return committed.ResponseCode;
    }

    public void Dispose() => _http.Dispose();

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        if (_http.DefaultRequestHeaders.Authorization is not null)
            return;
        using var response = await _http.PostAsJsonAsync($"/{apiVersion}/auth/token", new { key.ApiKey, key.ApiSecret }, cancellationToken);
        var token = await ReadAsync<Token>(response, cancellationToken);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
    }

    private async Task<TillAnswer> PostAsync(string call, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{apiVersion}/cash-ins/simulate/{call}")
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Add("Idempotency-Key", $"till-{Guid.NewGuid():N}");
        using var response = await _http.SendAsync(request, cancellationToken);
        return await ReadAsync<TillAnswer>(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode && await response.Content.ReadFromJsonAsync<T>(cancellationToken) is { } answer)
            return answer;
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new ProcessFailedException($"The sandbox refused the till: {(int)response.StatusCode}.", [text]);
    }

    private sealed record Token(string AccessToken);

    private sealed record TillAnswer(string ResponseCode, string? AccountNumber, string? AccountReferenceNumber, string? ConfirmationId);
}
