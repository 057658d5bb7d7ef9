using Microsoft.Extensions.Configuration;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Secrets;

/// <summary>
/// Whether a value can be what its setting asks for: judged before it is used, because what the app's options refuse would stop a process
/// that
/// runs, and keep a new one from starting.
/// </summary>
internal sealed class SecretForm(IConfiguration configuration)
{
    private const string WebhookPrefix = "whsec_";

    public bool Fits(string setting, string? value) => setting switch
    {
        SecretSettings.OmsApiKey or SecretSettings.OmsApiSecret => SecretText.IsOne(value),
        SecretSettings.CurrentWebhookSecret or SecretSettings.NextWebhookSecret => IsWebhookSecret(value),
        SecretSettings.CurrentNotificationSecret or SecretSettings.NextNotificationSecret => NotificationSecret.TryRead(value, out _),
        _ => throw new ArgumentException($"'{setting}' is not one of the app's secrets.", nameof(setting)),
    };

    private bool IsWebhookSecret(string? value)
    {
        if (!SecretText.IsOne(value) || !value!.StartsWith(WebhookPrefix, StringComparison.Ordinal) || value.Length == WebhookPrefix.Length)
            return false;
        var key = value[WebhookPrefix.Length..];
        // As Webhooks:KeyMode says it is read.
        var hexadecimal = string.Equals(configuration["Webhooks:KeyMode"], "HexDecoded", StringComparison.OrdinalIgnoreCase);
        return !hexadecimal || (key.Length % 2 == 0 && key.All(char.IsAsciiHexDigit));
    }
}
