using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Soak.Processes;

/// <summary>A caller of the app, as patient as one has to be whose app is killed now and then.</summary>
internal sealed class AppCaller : IDisposable
{
    private readonly HttpClient _http;

    public AppCaller(AppService app)
    {
        _http = new HttpClient { BaseAddress = new Uri(app.Url), Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Add("x-functions-key", app.FunctionKey);
    }

    /// <summary>Starts a cash-in; the same key may be sent any number of times.</summary>
    /// <returns>The journey's id.</returns>
    public async Task<string> StartAsync(JsonObject body, string key, CancellationToken cancellationToken)
    {
        var (status, document) = await _http.SendPatientlyAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, "/api/cash-ins") { Content = JsonContent.Create(body) };
                request.Headers.Add("Idempotency-Key", key);
                return request;
            },
            cancellationToken);
        return status == HttpStatusCode.Accepted
            ? document.Text("id")!
            : throw new InvalidOperationException($"The start was answered {(int)status}: {document.ToJsonString()}");
    }

    /// <summary>Reads a cash-in.</summary>
    public async Task<JsonObject> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var (status, document) = await _http.SendPatientlyAsync(
            () => new HttpRequestMessage(HttpMethod.Get, $"/api/cash-ins/{id}"), cancellationToken);
        return status == HttpStatusCode.OK ? document : throw new InvalidOperationException($"Reading {id} was answered {(int)status}.");
    }

    /// <summary>Sends a command.</summary>
    /// <returns>Whether it was taken; a journey that has moved on refuses it with 409.</returns>
    public async Task<bool> CommandAsync(string id, string command, CancellationToken cancellationToken)
        => Taken(
            await _http.SendPatientlyAsync(
                () => new HttpRequestMessage(HttpMethod.Post, $"/api/cash-ins/{id}/{command}"), cancellationToken),
            command);

    /// <summary>Supplies what OMS asks for, as <see cref="CommandAsync"/>.</summary>
    public async Task<bool> SupplyAsync(string id, JsonObject applicant, CancellationToken cancellationToken)
        => Taken(
            await _http.SendPatientlyAsync(
                () => new HttpRequestMessage(HttpMethod.Patch, $"/api/cash-ins/{id}/applicant")
                {
                    Content = JsonContent.Create(applicant),
                },
                cancellationToken),
            "applicant");

    /// <summary>The app's own comparison of OMS with its ledger.</summary>
    public async Task<JsonObject> ReconciliationAsync(CancellationToken cancellationToken)
    {
        var (status, report) = await _http.SendPatientlyAsync(
            () => new HttpRequestMessage(HttpMethod.Get, "/api/operations/reconciliation"), cancellationToken);
        return status == HttpStatusCode.OK
            ? report
            : throw new InvalidOperationException($"The reconciliation was answered {(int)status}.");
    }

    /// <summary>How many events nobody came for; 200 stands for that many or more.</summary>
    public async Task<int> DeadLettersAsync(CancellationToken cancellationToken)
    {
        var (status, page) = await _http.SendPatientlyAsync(
            () => new HttpRequestMessage(HttpMethod.Get, "/api/operations/dead-letters?limit=200"), cancellationToken);
        return status == HttpStatusCode.OK
            ? page.Items("data").Count()
            : throw new InvalidOperationException($"The dead letters were answered {(int)status}.");
    }

    public void Dispose() => _http.Dispose();

    private static bool Taken((HttpStatusCode Status, JsonObject Body) answer, string command) => answer.Status switch
    {
        HttpStatusCode.Accepted => true,
        HttpStatusCode.Conflict => false,
        _ => throw new InvalidOperationException($"'{command}' was answered {(int)answer.Status}: {answer.Body.ToJsonString()}"),
    };
}
