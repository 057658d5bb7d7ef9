namespace OmsWorkflows.Oms;

/// <summary>
/// Hands on an answer only when its body is there too, so that the time limit of an attempt covers the body, and a body that breaks off is
/// tried again like a connection that breaks. Innermost.
/// </summary>
internal sealed class WholeAnswerHandler : DelegatingHandler
{
    /// <summary>Most bytes an answer may have, unpacked.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
            return response;
        }
        catch (InvalidDataException e)
        {
            response.Dispose();
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "The answer cannot be unpacked.", e);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
