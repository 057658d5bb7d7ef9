using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OmsWorkflows.Operations;

namespace OmsWorkflows.Journeys;

/// <summary>Reads the JSON body of a request, or says what is wrong with it.</summary>
internal static class RequestBody
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads the body.</summary>
    /// <returns>The value, or the problem to answer with.</returns>
    public static async Task<(T? Value, IResult? Problem)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        if (!request.HasJsonContentType())
            return (null, Problems.UnsupportedMediaType());

        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > MaxBytes)
                return (null, Problems.TooLarge(MaxBytes));
            body.Write(buffer, 0, read);
        }

        try
        {
            using var document = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Shape<T>(document.RootElement)
                : (null, Problems.MalformedBody());
        }
        catch (JsonException e)
        {
            return (null, Problems.MalformedBody($"Send a JSON object in UTF-8. Reading stopped at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."));
        }
    }

    private static (T? Value, IResult? Problem) Shape<T>(JsonElement body)
        where T : class
    {
        try
        {
            return (body.Deserialize<T>(JourneyJson.Options), null);
        }
        catch (JsonException e)
        {
            // The message may quote the value, which may be personal; the path names the field alone.
            var field = e.Path is ['$', '.', .. var path] ? path : "body";
            var issue = e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "is not a known field" : "has the wrong type or format";
            return (null, Problems.Validation(field, issue));
        }
    }
}
