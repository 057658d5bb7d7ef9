using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Calls;

namespace OmsWorkflows.Soak.Processes;

/// <summary>The sandbox, steered and questioned from outside the app.</summary>
internal sealed class OmsSimulator(string url, SandboxKey key) : IDisposable
{
    private const string Version = "/v0.9";

    private readonly HttpClient _http = new() { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(60) };
    private readonly SemaphoreSlim _signIn = new(1, 1);
    private string? _token;

    /// <summary>A control of the sandbox (docs/sandbox.md).</summary>
    public async Task<JsonObject> ControlAsync(string control, JsonNode body, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync($"/_sim/{control}", body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new InvalidOperationException($"_sim/{control} was answered {(int)response.StatusCode}: {text}");
    }

    /// <summary>What a control shows.</summary>
    public async Task<JsonObject> ShowAsync(string control, CancellationToken cancellationToken)
        => (await _http.GetFromJsonAsync<JsonObject>($"/_sim/{control}", cancellationToken))!;

    /// <summary>Takes all faults back.</summary>
    public async Task EndFaultsAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.DeleteAsync(new Uri("/_sim/faults", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>A call of the API, sent with the same key until it is answered.</summary>
    public async Task<JsonObject> PostAsync(string path, JsonObject body, string key, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(HttpMethod.Post, path, body, key, cancellationToken);
        return (int)answer.Status < 300
            ? answer.Body
            : throw new InvalidOperationException($"{path} was answered {(int)answer.Status}: {answer.Body.ToJsonString()}");
    }

    /// <summary>All of a list, page by page.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var all = new List<JsonObject>();
        string? cursor = null;
        while (true)
        {
            var (status, page) = await CallAsync(
                HttpMethod.Get, $"{path}?limit=100{(cursor is null ? "" : $"&startingAfter={cursor}")}", null, null, cancellationToken);
            if (status != HttpStatusCode.OK)
                throw new InvalidOperationException($"{path} was answered {(int)status}.");
            all.AddRange(page.Items("data"));
            if (!page.Is("hasMore"))
                return all;
            cursor = page.Text("nextCursor");
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _signIn.Dispose();
    }

    private async Task<(HttpStatusCode Status, JsonObject Body)> CallAsync(
        HttpMethod method, string path, JsonObject? body, string? key, CancellationToken cancellationToken)
    {
        while (true)
        {
            var bearer = _token ?? await SignInAsync(cancellationToken);
            var answer = await _http.SendPatientlyAsync(
                () =>
                {
                    var request = new HttpRequestMessage(method, Version + path)
                    {
                        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", bearer) },
                    };
                    if (body is not null)
                        request.Content = JsonContent.Create(body);
                    if (key is not null)
                        request.Headers.Add("Idempotency-Key", key);
                    return request;
                },
                cancellationToken);
            // The first request with this key may still be under way.
            if (answer.Status == HttpStatusCode.Conflict && answer.Body.Text("code") == "idempotency_in_progress")
                continue;
            if (answer.Status != HttpStatusCode.Unauthorized)
                return answer;
            _token = null;
        }
    }

    private async Task<string> SignInAsync(CancellationToken cancellationToken)
    {
        await _signIn.WaitAsync(cancellationToken);
        try
        {
            if (_token is { } known)
                return known;
            var credentials = new JsonObject { ["apiKey"] = key.ApiKey, ["apiSecret"] = key.ApiSecret };
            var (_, answer) = await _http.SendPatientlyAsync(
                () => new HttpRequestMessage(HttpMethod.Post, $"{Version}/auth/token")
                {
                    Content = JsonContent.Create(credentials),
                },
                cancellationToken);
            return _token = answer.Text("accessToken") ?? throw new InvalidOperationException("The sandbox refused the key.");
        }
        finally
        {
            _signIn.Release();
        }
    }
}
