using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.AppHost.Calls;

/// <summary>The app over HTTP, as any caller uses it.</summary>
internal sealed class AppApi : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    /// <param name="url">Where the app is.</param>
    /// <param name="key">Opens its functions.</param>
    public AppApi(string url, string key)
    {
        Http = new HttpClient { BaseAddress = new Uri(url) };
        Http.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    /// <summary>Opens the app with the key.</summary>
    public HttpClient Http { get; }

    /// <summary>Waits until tables, engine and OMS answer.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadyWithin);
        var last = "no answer";
        try
        {
            using var timer = new PeriodicTimer(AskAgain);
            do
            {
                var (ready, answer) = await AskAsync(limit.Token);
                if (ready)
                    return;
                last = answer;
            }
            while (await timer.WaitForNextTickAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProcessFailedException($"The app was not ready within {ReadyWithin.TotalSeconds:0} s.", [last]);
        }
    }

    /// <summary>Registers the app at OMS; the app keeps the secret OMS shows once.</summary>
    public async Task RegisterWebhookAsync(CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsync(At("operations/webhooks"), null, cancellationToken);
        await ThrowUnlessAsync(response, "The webhook could not be registered", cancellationToken);
    }

    /// <summary>Starts a cash-in.</summary>
    public async Task<JourneyDocument> StartCashInAsync(JsonObject body, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, At("cash-ins")) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await Http.SendAsync(request, cancellationToken);
        return JourneyDocument.Of(await ReadAsync<JsonObject>(response, "The cash-in could not be started", cancellationToken));
    }

    /// <summary>Reads a cash-in.</summary>
    public Task<JourneyDocument> GetCashInAsync(string id, CancellationToken cancellationToken)
        => GetJourneyAsync($"cash-ins/{id}", cancellationToken);

    /// <summary>Reads any journey, by its path below <c>/api</c>.</summary>
    public async Task<JourneyDocument> GetJourneyAsync(string path, CancellationToken cancellationToken)
        => JourneyDocument.Of(await GetAsync<JsonObject>(path, cancellationToken));

    /// <summary>Reads anything, by its path below <c>/api</c>.</summary>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(At(path), cancellationToken);
        return await ReadAsync<T>(response, $"{path} could not be read", cancellationToken);
    }

    /// <summary>Sends a cash-in a command such as <c>refresh</c> or <c>cancel</c>.</summary>
    public async Task<JourneyDocument> CommandAsync(string id, string command, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsync(At($"cash-ins/{id}/{command}"), null, cancellationToken);
        return JourneyDocument.Of(await ReadAsync<JsonObject>(response, $"The cash-in did not take '{command}'", cancellationToken));
    }

    public void Dispose() => Http.Dispose();

    private static Uri At(string path) => new($"/api/{path}", UriKind.Relative);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, string otherwise, CancellationToken cancellationToken)
    {
        await ThrowUnlessAsync(response, otherwise, cancellationToken);
        return await response.Content.ReadFromJsonAsync<T>(cancellationToken)
            ?? throw new ProcessFailedException($"{otherwise}: the answer is empty.", []);
    }

    private static async Task ThrowUnlessAsync(HttpResponseMessage response, string otherwise, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new ProcessFailedException($"{otherwise}: {(int)response.StatusCode}.", [body]);
    }

    private async Task<(bool Ready, string Answer)> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(At("health/ready"), cancellationToken);
            return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException e)
        {
            return (false, e.Message);
        }
    }
}
