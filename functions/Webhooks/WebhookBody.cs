using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OmsWorkflows.Webhooks;

/// <summary>Takes the raw bytes of a delivery, and never more than a delivery may have.</summary>
internal static class WebhookBody
{
    /// <summary>Most bytes a delivery may have.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int FirstBuffer = 8 * 1024;

    /// <summary>Whether the headers say JSON in UTF-8, not compressed.</summary>
    public static bool IsJson(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return false;
        var json = type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
        var utf8 = !type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        var plain = request.Headers.ContentEncoding.Count == 0
            || (request.Headers.ContentEncoding.Count == 1 && request.Headers.ContentEncoding[0] == "identity");
        return json && utf8 && plain;
    }

    /// <summary>The body; null when it has more than <see cref="MaxBytes"/>.</summary>
    /// <exception cref="IOException">The connection broke off.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
            return null;
        var buffer = new byte[request.ContentLength is { } length ? (int)length + 1 : FirstBuffer];
        var read = 0;
        while (true)
        {
            var count = await request.Body.ReadAsync(buffer.AsMemory(read), cancellationToken);
            if (count == 0)
                return buffer.AsMemory(0, read);
            read += count;
            if (read > MaxBytes)
                return null;
            if (read == buffer.Length)
                Array.Resize(ref buffer, Math.Min(2 * buffer.Length, MaxBytes + 1));
        }
    }
}
