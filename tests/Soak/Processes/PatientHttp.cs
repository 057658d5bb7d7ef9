using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Soak.Processes;

/// <summary>
/// Sends a request again, unchanged, until it is answered: the other side may be down, or answer with one of the faults of the run.
/// </summary>
internal static class PatientHttp
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <returns>The first answer that is a success or a refusal; its body is empty if it is no JSON object.</returns>
    /// <exception cref="TimeoutException">There was none for minutes.</exception>
    public static async Task<(HttpStatusCode Status, JsonObject Body)> SendPatientlyAsync(
        this HttpClient http, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var last = "";
        while (TimeProvider.System.GetElapsedTime(started) < Limit)
        {
            try
            {
                using var request = make();
                using var response = await http.SendAsync(request, cancellationToken);
                if (IsAnswer(response.StatusCode))
                    return (response.StatusCode, await BodyAsync(response, cancellationToken));
                last = $"{(int)response.StatusCode}";
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }
            catch (IOException e)
            {
                last = e.Message;
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                last = "timed out";
            }
            await Task.Delay(Again, cancellationToken);
        }
        throw new TimeoutException($"{make().RequestUri} was not answered for {Limit.TotalMinutes:0} minutes; last: {last}.");
    }

    private static bool IsAnswer(HttpStatusCode status)
        => status < HttpStatusCode.InternalServerError && status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout);

    private static async Task<JsonObject> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
        => response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken) ?? []
            : [];
}
