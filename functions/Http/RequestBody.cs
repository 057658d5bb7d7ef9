using System.Text;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Http;

/// <summary>Reads the JSON body of a request, or says what is wrong with it.</summary>
internal static class RequestBody
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxDepth = 16;
    private const int BufferBytes = 8 * 1024;

    /// <summary>Reads the body and validates it. A problem names each field as the caller wrote it, and never repeats its value.</summary>
    public static async Task<Checked<T>> ReadAsync<T>(HttpRequest request, IValidator<T> validator, CancellationToken cancellationToken)
        where T : class
    {
        if (!request.HasJsonContentType())
            return new(Problems.UnsupportedMediaType());
        if (await ReadBytesAsync(request, cancellationToken) is not { } bytes)
            return new(Problems.TooLarge(MaxBytes));

        var body = Parse<T>(bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        return body.IsValid && Validate(validator, body.Value) is { } problem ? new(problem) : body;
    }

    /// <summary>The body; null when it is too large.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > MaxBytes)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static Checked<T> Parse<T>(ReadOnlyMemory<byte> bytes)
        where T : class
    {
        try
        {
            ReadTexts(bytes.Span);
            using var document = JsonDocument.Parse(
                bytes, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Shape<T>(document.RootElement) : new(Problems.MalformedBody());
        }
        catch (JsonException e)
        {
            var place = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            return new(Problems.MalformedBody($"Send a JSON object in UTF-8. Reading stopped at {place}."));
        }
        catch (InvalidOperationException)
        {
            return new(Problems.MalformedBody("Send a JSON object in UTF-8. A text in it is no Unicode."));
        }
    }

    /// <summary>
    /// The parser takes half of an escaped surrogate pair, and bytes that are not UTF-8, and throws when such a text is used: long after.
    /// </summary>
    /// <exception cref="InvalidOperationException">A text is none.</exception>
    private static void ReadTexts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String)
                reader.GetString();
        }
    }

    private static Checked<T> Shape<T>(JsonElement body)
        where T : class
    {
        try
        {
            return body.Deserialize<T>(ApiJson.Options) is { } value ? new(value) : new(Problems.MalformedBody());
        }
        catch (JsonException e)
        {
            // The message may quote the value, which may be personal; the path names the field alone.
            var field = e.Path is ['$', '.', .. var path] ? path : "body";
            var issue = e.Message.Contains("could not be mapped", StringComparison.Ordinal)
                ? "is not a known field"
                : "has the wrong type or format";
            return new(Problems.Validation(field, issue));
        }
    }

    private static IResult? Validate<T>(IValidator<T> validator, T value)
    {
        var result = validator.Validate(value);
        if (result.IsValid)
            return null;

        var fields = result.Errors.GroupBy(FieldName);
        return Problems.Validation(fields.ToDictionary(field => field.Key, field => field.Select(error => error.ErrorMessage).ToArray()));
    }

    private static string FieldName(ValidationFailure failure) => string.Join('.', failure.PropertyName.Split('.').Select(CamelCase));

    private static string CamelCase(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];
}
