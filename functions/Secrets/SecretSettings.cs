namespace OmsWorkflows.Secrets;

/// <summary>
/// The settings that are secrets: exactly these are read from the vault. A fixed list costs one request each, needs no right to list the
/// vault, and keeps whatever else lies there out of the configuration.
/// </summary>
public static class SecretSettings
{
    /// <summary>Key identifier at OMS. Required.</summary>
    public const string OmsApiKey = "Oms:ApiKey";

    /// <summary>Key secret at OMS. Required.</summary>
    public const string OmsApiSecret = "Oms:ApiSecret";

    /// <summary>Secret that webhooks are signed with. Absent until the subscription is registered.</summary>
    public const string CurrentWebhookSecret = "Webhooks:CurrentSecret";

    /// <summary>Secret of the next subscription, accepted beside the current one while secrets are rotated.</summary>
    public const string NextWebhookSecret = "Webhooks:NextSecret";

    /// <summary>Secret that notifications are signed with. Absent while nobody is told.</summary>
    public const string CurrentNotificationSecret = "Notifications:CurrentSecret";

    /// <summary>Signs notifications beside the current one while secrets are rotated.</summary>
    public const string NextNotificationSecret = "Notifications:NextSecret";

    /// <summary>All of them; <c>Required</c> ones must exist when the app starts.</summary>
    public static IReadOnlyList<(string Setting, bool Required)> All { get; } =
    [
        (OmsApiKey, true),
        (OmsApiSecret, true),
        (CurrentWebhookSecret, false),
        (NextWebhookSecret, false),
        (CurrentNotificationSecret, false),
        (NextNotificationSecret, false),
    ];

    /// <summary>Name in the vault: colons are not allowed there, so <c>Oms:ApiKey</c> is <c>Oms--ApiKey</c>.</summary>
    /// <exception cref="ArgumentException">The setting is not one of <see cref="All"/>.</exception>
    public static string VaultName(string settingName)
    {
        ArgumentException.ThrowIfNullOrEmpty(settingName);
        return All.Any(secret => secret.Setting.Equals(settingName, StringComparison.OrdinalIgnoreCase))
            ? settingName.Replace(":", "--", StringComparison.Ordinal)
            : throw new ArgumentException($"'{settingName}' is not one of the app's secrets.", nameof(settingName));
    }
}
