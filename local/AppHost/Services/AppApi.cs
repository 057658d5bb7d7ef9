using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Processes;

namespace OmsWorkflows.Local.AppHost.Services;

/// <summary>The app over HTTP, as any caller uses it.</summary>
internal sealed class AppApi : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    public AppApi(AppService app)
    {
        Http = new HttpClient { BaseAddress = new Uri(app.Url), Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Add("x-functions-key", app.FunctionKey);
    }

    /// <summary>Opens the app with the function key.</summary>
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
                var (ready, answer) = await AskAsync(limit.Token).ConfigureAwait(false);
                if (ready) return;
                last = answer;
            }
            while (await timer.WaitForNextTickAsync(limit.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProcessFailedException($"The app was not ready within {ReadyWithin.TotalSeconds:0} s.", [last]);
        }
    }

    /// <summary>Registers the app at OMS; the app keeps the secret OMS shows once.</summary>
    public async Task RegisterWebhookAsync(CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsync(new Uri("/api/operations/webhooks", UriKind.Relative), null, cancellationToken).ConfigureAwait(false);
        await ThrowUnlessAsync(response, "The webhook could not be registered", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a cash-in; returns its document.</summary>
    public async Task<JsonObject> StartCashInAsync(JsonObject body, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/cash-ins") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await Http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, "The cash-in could not be started", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a cash-in's document.</summary>
    public Task<JsonObject> GetCashInAsync(string id, CancellationToken cancellationToken) => GetAsync($"cash-ins/{id}", cancellationToken);

    /// <summary>Reads any journey's document, by its path below <c>/api</c>.</summary>
    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(new Uri($"/api/{path}", UriKind.Relative), cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, "The journey could not be read", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a command such as <c>refresh</c> or <c>cancel</c>.</summary>
    public async Task<JsonObject> CommandAsync(string id, string command, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsync(new Uri($"/api/cash-ins/{id}/{command}", UriKind.Relative), null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, $"The cash-in did not take '{command}'", cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => Http.Dispose();

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, string otherwise, CancellationToken cancellationToken)
    {
        await ThrowUnlessAsync(response, otherwise, cancellationToken).ConfigureAwait(false);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task ThrowUnlessAsync(HttpResponseMessage response, string otherwise, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;
        var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        throw new ProcessFailedException($"{otherwise}: {(int)response.StatusCode}.", [body]);
    }

    private async Task<(bool Ready, string Answer)> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/api/health/ready", UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (HttpRequestException e)
        {
            return (false, e.Message);
        }
    }
}
