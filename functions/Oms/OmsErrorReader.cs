using System.Net;
using System.Text.Json;

namespace OmsWorkflows.Oms;

/// <summary>What an error answer says.</summary>
internal sealed record OmsError(string? Code, string? RequestId, IReadOnlyList<OmsErrorDetail> Details);

/// <summary>
/// Reads the error forms OMS may use (docs/oms-api.md 3.3): flat, nested under <c>error</c>, or RFC 9457. Its schema is not published, so
/// nothing here may throw on a body that is something else.
/// </summary>
internal static class OmsErrorReader
{
    private const string NotProvisioned = "provider account not provisioned";

    public static OmsError Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document))
                return new OmsError(null, null, []);
            using (document)
                return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return new OmsError(null, null, []);
        }
    }

    /// <summary>Whether the same request may succeed later (the table of docs/oms-api.md 3.3).</summary>
    public static bool IsRetryable(HttpStatusCode status, string? code)
        => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500
        || (status == HttpStatusCode.Conflict && code == "idempotency_in_progress");

    private static OmsError Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return new OmsError(null, null, []);
        var error = root.TryGetProperty("error", out var nested) && nested.ValueKind == JsonValueKind.Object ? nested : root;
        var code = SafeCode(Text(error, "code")) ?? SafeCode(LastSegment(Text(error, "type")));
        // The seed knows this refusal by its message only.
        if (code is null && Text(error, "message") == NotProvisioned)
            code = "provider_account_not_provisioned";
        return new OmsError(code, SafeCode(Text(error, "requestId") ?? Text(root, "requestId")), [.. Details(error), .. Problems(error)]);
    }

    private static IEnumerable<OmsErrorDetail> Details(JsonElement error)
    {
        if (!error.TryGetProperty("details", out var details) || details.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.ValueKind != JsonValueKind.Object)
                continue;
            yield return new OmsErrorDetail(Text(detail, "field") ?? "", Text(detail, "issue") ?? Text(detail, "message") ?? "");
        }
    }

    private static IEnumerable<OmsErrorDetail> Problems(JsonElement error)
    {
        if (!error.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var field in errors.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Array)
                continue;
            foreach (var issue in field.Value.EnumerateArray())
                yield return new OmsErrorDetail(field.Name, issue.ToString());
        }
    }

    private static string? Text(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? LastSegment(string? type) => type?.Split('/', '#', ':')[^1];

    /// <summary>Codes and ids go to logs and messages: anything that is not plainly one is dropped.</summary>
    private static string? SafeCode(string? text)
        => text is { Length: > 0 and <= 80 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? text : null;
}
