using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace OmsWorkflows.Secrets;

/// <summary>Who the app is when it calls Azure.</summary>
public static class AzureIdentity
{
    /// <summary>
    /// The user-assigned identity that <c>AZURE_CLIENT_ID</c> names, or, when there is none, whoever is signed in on this machine. One
    /// named identity instead of a chain of guesses: production neither waits for nor falls back to another credential.
    /// </summary>
    public static TokenCredential Credential(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration["AZURE_CLIENT_ID"] is { Length: > 0 } clientId
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : new DefaultAzureCredential();
    }
}
