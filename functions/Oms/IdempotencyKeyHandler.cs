namespace OmsWorkflows.Oms;

/// <summary>
/// Lets no POST out without a usable <c>Idempotency-Key</c> (docs/oms-api.md 3.1): a forgotten key is a bug here, not OMS's answer.
/// </summary>
internal sealed class IdempotencyKeyHandler : DelegatingHandler
{
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post && !IsUsable(request))
        {
            throw new InvalidOperationException($"A POST to OMS needs an {Header} of 1 to {MaxLength} printable ASCII characters.");
        }

        return base.SendAsync(request, cancellationToken);
    }

    private static bool IsUsable(HttpRequestMessage request)
        => request.Headers.TryGetValues(Header, out var values) && values.ToArray() is [{ Length: > 0 and <= MaxLength } key]
        && key.All(character => character is >= ' ' and <= '~');
}
