using Azure;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Secrets;

/// <summary>Writes secrets to the vault and shows them to this process at once.</summary>
internal sealed class KeyVaultSecretStore(KeyVaultSecrets secrets, ILogger<KeyVaultSecretStore> logger) : ISecretStore
{
    public async Task SetAsync(string settingName, string value, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        await secrets.WriteAsync(
            settingName, value, (client, name) => client.SetSecretAsync(name, value, cancellationToken), cancellationToken);
        logger.SecretStored(settingName);
    }

    public async Task RemoveAsync(string settingName, CancellationToken cancellationToken)
    {
        await secrets.WriteAsync(settingName, null, (client, name) => DisableAsync(client, name, cancellationToken), cancellationToken);
        logger.SecretRemoved(settingName);
    }

    /// <summary>
    /// Disabled, not deleted: with purge protection a deleted secret keeps its name for the retention time, and the next rotation could
    /// not write it.
    /// </summary>
    private static async Task DisableAsync(SecretClient client, string name, CancellationToken cancellationToken)
    {
        try
        {
            var secret = await client.GetSecretAsync(name, cancellationToken: cancellationToken);
            secret.Value.Properties.Enabled = false;
            await client.UpdateSecretPropertiesAsync(secret.Value.Properties, cancellationToken);
        }
        catch (RequestFailedException e) when (KeyVaultSecrets.IsAbsent(e))
        {
            // It is out of use already, which is all that was asked.
        }
    }
}
