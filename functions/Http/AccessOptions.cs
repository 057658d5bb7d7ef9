namespace OmsWorkflows.Http;

/// <summary>How callers are known; section <c>Access</c>.</summary>
public sealed class AccessOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Access";

    /// <summary>
    /// Whether the platform signs callers in before the app (App Service authentication) and names them in a header of its own. Only then
    /// is that header believed. The deployment sets it; without it <c>WEBSITE_AUTH_ENABLED</c>, which the platform sets, says so.
    /// </summary>
    public bool SignIn { get; set; }
}
