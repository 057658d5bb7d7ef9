namespace OmsWorkflows.Local.AppHost;

/// <summary>What keeps orchestrations.</summary>
internal enum Store
{
    /// <summary>One file, through the local provider.</summary>
    Sqlite,

    /// <summary>The published Azure Storage backend, on Azurite.</summary>
    Azurite,
}
