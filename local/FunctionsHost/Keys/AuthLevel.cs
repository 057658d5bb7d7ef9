namespace OmsWorkflows.Local.FunctionsHost.Keys;

/// <summary>Which keys open an HTTP function.</summary>
internal enum AuthLevel
{
    /// <summary>None is needed.</summary>
    Anonymous,

    /// <summary>A key of the function, a host key, or the master key.</summary>
    Function,

    /// <summary>The master key only.</summary>
    Admin,
}
