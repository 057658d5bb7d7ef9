using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Oms;

/// <summary>
/// Makes one call: its answer is proven, or there is an <see cref="OmsException"/>. Every call that fails is logged once and counted once.
/// </summary>
public sealed class OmsCalls
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonBytes.MaxDepth };

    private readonly ILogger<OmsCalls> _logger;
    private readonly TimeProvider _clock;
    private readonly Counter<long> _failures;

    /// <summary>Makes the instruments.</summary>
    public OmsCalls(ILogger<OmsCalls> logger, IMeterFactory meters, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _logger = logger;
        _clock = clock;
        _failures = meters.Create(AppTelemetry.Name)
            .CreateCounter<long>(
                "oms_workflows.oms.failures", "{call}", "Calls to OMS that failed with all their attempts, by outcome, cause and route");
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="http">With which client.</param>
    /// <param name="type">What the answer is.</param>
    /// <param name="doubt">Why an answer cannot be believed although it could be read; <see langword="null"/> when it can.</param>
    /// <param name="cancellationToken">Ends the call; that is no failure of OMS.</param>
    internal async Task<T> AskAsync<T>(
        HttpClient http, HttpRequestMessage request, JsonTypeInfo<T> type, Func<T, string?> doubt, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(http, request, cancellationToken);
        T? answer = null;
        var why = Read(await response.Content.ReadAsByteArrayAsync(cancellationToken), root =>
        {
            answer = root.Deserialize(type);
            return answer switch
            {
                null => "no answer",
                not Transaction when Speaks(root) => "a success with an error in it",
                _ => doubt(answer),
            };
        });
        return why is null ? answer! : throw Unreadable(request, response, why);
    }

    /// <summary>Sends a request whose answer says no more than that it was done, and may be empty.</summary>
    internal async Task TellAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(http, request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var why = body.Length == 0 ? null : Read(body, root => root.ValueKind != JsonValueKind.Object || Speaks(root) ? "not done" : null);
        if (why is not null)
        {
            throw Unreadable(request, response, why);
        }
    }

    /// <summary>Logs and counts a failure, to be thrown.</summary>
    /// <param name="detail">What else helps to understand it; no text of OMS.</param>
    internal OmsException Report(OmsException failure, string? detail = null)
    {
        if (failure is OmsNoAnswerException { Silence: var silence })
        {
            _logger.NoAnswer(
                failure.Route, silence.Cause, detail ?? silence.Cause, silence.Status, failure.Code, silence.RequestId, silence.RetryAfter);
            Count("no_answer", silence.Cause, failure.Route);
        }
        else
        {
            _logger.Refused(failure.Route, (int?)failure.StatusCode, failure.Code, failure.RequestId);
            Count("refused", RefusalCodes.IsKnown(failure.Code) ? failure.Code : "other", failure.Route);
        }

        return failure;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && OmsOutcome.Of(request, e) is { } failure)
        {
            throw Report(failure);
        }

        if (await OmsOutcome.OfAsync(request, response, _clock, cancellationToken) is not { } refused)
        {
            return response;
        }

        response.Dispose();
        throw Report(refused);
    }

    private OmsException Unreadable(HttpRequestMessage request, HttpResponseMessage response, string why)
    {
        var (route, requestId) = (OmsRequest.RouteOf(request), OmsOutcome.RequestIdOf(response));
        return Report(
            OmsOutcome.NoAnswer(new OmsSilence(OmsCause.Unreadable, RetryAfter: null, route, (int)response.StatusCode, requestId)), why);
    }

    /// <summary>Reads a body; why that is not possible, or <see langword="null"/>.</summary>
    private static string? Read(byte[] body, Func<JsonElement, string?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonBytes.Mend(body), Options);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            // The parser's message quotes the answer, so it stays behind; where it failed is the name of a member this client knows.
            return (e as JsonException)?.Path ?? "no JSON of the expected form";
        }
    }

    private void Count(string outcome, string cause, string route)
        => _failures.Add(1, new("outcome", outcome), new("cause", cause), new("route", route));

    /// <summary>Whether an object says, in one of the ways errors are said, that it is no success.</summary>
    private static bool Speaks(JsonElement answer) => answer.ValueKind == JsonValueKind.Object
        && (SaysSomething(answer, "error") || SaysSomething(answer, "errors") || IsKnownCode(answer)
            || (answer.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.False));

    private static bool SaysSomething(JsonElement answer, string name)
        => answer.TryGetProperty(name, out var said) && said.ValueKind switch
        {
            JsonValueKind.Object => said.EnumerateObject().Any(),
            JsonValueKind.Array => said.GetArrayLength() > 0,
            JsonValueKind.String => !string.IsNullOrWhiteSpace(said.GetString()),
            JsonValueKind.True => true,
            _ => false,
        };

    /// <summary>Resources may have codes too, such as one to show at a till; those are no machine codes of errors.</summary>
    private static bool IsKnownCode(JsonElement answer)
        => answer.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String && RefusalCodes.IsKnown(code.GetString()!);
}
