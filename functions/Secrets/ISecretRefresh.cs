namespace OmsWorkflows.Secrets;

/// <summary>Reads the secrets again before their time, for whoever met one that this instance does not know yet.</summary>
public interface ISecretRefresh
{
    /// <summary>
    /// Reads the secrets again; <see langword="false"/> when they could not be read, or were read so shortly before that nobody may ask
    /// again.
    /// </summary>
    Task<bool> TryRefreshAsync(CancellationToken cancellationToken);
}
