using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Takes the raw bytes of a delivery, and never more than a delivery may have. What its headers say the bytes are is not asked: the
/// signature says whether OMS sent them, and a delivery refused over a spelling in a header would be lost.
/// </summary>
internal static class WebhookBody
{
    /// <summary>Most bytes a delivery may have.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int FirstBuffer = 8 * 1024;

    /// <summary>The body; null when it has more than <see cref="MaxBytes"/>.</summary>
    /// <exception cref="IOException">The connection broke off.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }

        var buffer = new byte[request.ContentLength is { } length ? (int)length + 1 : FirstBuffer];
        var read = 0;
        while (true)
        {
            var count = await request.Body.ReadAsync(buffer.AsMemory(read), cancellationToken);
            if (count == 0)
            {
                return buffer.AsMemory(0, read);
            }

            read += count;
            if (read > MaxBytes)
            {
                return null;
            }

            if (read == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(2 * buffer.Length, MaxBytes + 1));
            }
        }
    }
}
