namespace OmsWorkflows.Secrets;

/// <summary>A secret could not be read or written. Names the setting and the store's answer, never a value.</summary>
public sealed class SecretUnavailableException : Exception
{
    internal SecretUnavailableException(string settingName, string message, Exception? inner = null) : base(message, inner)
        => SettingName = settingName;

    /// <summary>Setting that is affected, such as <c>Oms:ApiKey</c>.</summary>
    public string SettingName { get; }
}
