using System.Net;
using System.Text.Json;

namespace OmsWorkflows.Oms;

/// <summary>What an answer in OMS's own error form says.</summary>
/// <param name="Code">Machine code, a documented one in its documented spelling.</param>
/// <param name="RequestId">OMS's id of the request.</param>
/// <param name="Fields">Paths of the fields it objects to.</param>
internal sealed record OmsError(string Code, string? RequestId, IReadOnlyList<string> Fields);

/// <summary>
/// Reads the error forms OMS may use (docs/oms-api.md 3.3): flat, nested under <c>error</c>, or RFC 9457. What makes a body OMS's own is a
/// machine code; gateways write problems too, so of an RFC 9457 <c>type</c> only a documented code counts. Texts are not read.
/// </summary>
internal static class OmsErrorReader
{
    private const int MaxFields = 32;
    private const int MaxFieldLength = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonBytes.MaxDepth };
    private static readonly string[] FieldNames = ["field", "path", "name", "param", "pointer"];

    /// <summary>What the body says; <see langword="null"/> when it is none of OMS's, or contradicts itself or its status.</summary>
    public static OmsError? Read(HttpStatusCode status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonBytes.Mend(body), Options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(status, document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An id of a request as it can be logged.</summary>
    public static string? RequestId(string? text) => Word.IsOne(text) ? text : null;

    private static OmsError? Read(HttpStatusCode status, JsonElement root)
    {
        var error = root.TryGetProperty("error", out var nested) && nested.ValueKind == JsonValueKind.Object ? nested : root;
        string?[] codes = [.. new[] { Code(error), Code(root) }.OfType<string>().Distinct(StringComparer.Ordinal)];
        if (codes.Length > 1 || OtherStatus(error, status) || OtherStatus(root, status))
        {
            return null;
        }

        string[] fields = [.. Fields(error).Where(IsPath).Distinct(StringComparer.Ordinal).Take(MaxFields)];
        var code = codes.FirstOrDefault() ?? CodeOfType(error) ?? CodeOfMessage(error)
            ?? (fields.Length > 0 && status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity
                ? RefusalCodes.ValidationError
                : null);
        return code is null ? null : new OmsError(code, RequestId(Text(error, "requestId") ?? Text(root, "requestId")), fields);
    }

    private static string? Code(JsonElement error)
        => Text(error, "code") is { } code && Word.IsOne(code) && char.IsAsciiLetter(code[0]) ? RefusalCodes.Canonical(code) : null;

    private static string? CodeOfType(JsonElement error)
        => Text(error, "type")?.Split('/', '#', ':')[^1] is { } code && RefusalCodes.IsKnown(code) ? RefusalCodes.Canonical(code) : null;

    /// <summary>This refusal is documented by its message only.</summary>
    private static string? CodeOfMessage(JsonElement error)
        => Text(error, "message")?.Trim().Equals("provider account not provisioned", StringComparison.OrdinalIgnoreCase) == true
            ? RefusalCodes.NotProvisioned
            : null;

    private static bool OtherStatus(JsonElement error, HttpStatusCode status)
        => error.TryGetProperty("status", out var said) && said.ValueKind == JsonValueKind.Number
            && !(said.TryGetInt32(out var number) && number == (int)status);

    private static IEnumerable<string> Fields(JsonElement error)
    {
        foreach (var name in (string[])["details", "errors"])
        {
            if (!error.TryGetProperty(name, out var details))
            {
                continue;
            }

            var found = details.ValueKind switch
            {
                JsonValueKind.Array => details.EnumerateArray().Where(detail => detail.ValueKind == JsonValueKind.Object)
                    .Select(detail => FieldNames.Select(member => Text(detail, member)).FirstOrDefault(text => text is not null))
                    .OfType<string>(),
                JsonValueKind.Object => details.EnumerateObject().Select(detail => detail.Name),
                _ => [],
            };
            foreach (var field in found)
            {
                yield return field;
            }
        }
    }

    private static bool IsPath(string field) => field.Length is > 0 and <= MaxFieldLength
        && field.All(character => char.IsAsciiLetterOrDigit(character) || "_-.[]$/#".Contains(character, StringComparison.Ordinal));

    private static string? Text(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
