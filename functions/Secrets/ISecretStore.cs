namespace OmsWorkflows.Secrets;

/// <summary>
/// Writes the app's secrets. They are read as settings: a value written here is in the configuration of this process when the call
/// returns, and in that of other instances after their next <c>Secrets:RefreshInterval</c>.
/// </summary>
public interface ISecretStore
{
    /// <summary>Stores <paramref name="value"/> as the newest value of one of <see cref="SecretSettings.All"/>.</summary>
    /// <exception cref="ArgumentException">The setting is not a secret of the app, or the value is empty.</exception>
    /// <exception cref="SecretUnavailableException">The store refused.</exception>
    Task SetAsync(string settingName, string value, CancellationToken cancellationToken);

    /// <summary>Takes the secret out of use; nothing happens when it does not exist.</summary>
    /// <exception cref="ArgumentException">The setting is not a secret of the app.</exception>
    /// <exception cref="SecretUnavailableException">The store refused.</exception>
    Task RemoveAsync(string settingName, CancellationToken cancellationToken);
}
