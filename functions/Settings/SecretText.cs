namespace OmsWorkflows.Settings;

/// <summary>Secrets as settings hold them, wherever they come from.</summary>
internal static class SecretText
{
    /// <summary>Something, and nothing that a paste leaves behind: a line break, a blank, a byte order mark.</summary>
    public static bool IsOne(string? value) => !string.IsNullOrEmpty(value) && value.All(character => character is > ' ' and <= '~');
}
