namespace OmsWorkflows.Local.ApiDocument;

/// <summary>Where things are in the clone this runs from.</summary>
internal static class Repository
{
    /// <summary>The folder of Workflows.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The document as it is checked in.</summary>
    public static string ApiDocument => Path.Combine(Root, "docs", "openapi.json");

    /// <summary>The app's sources.</summary>
    public static IEnumerable<string> Sources
        => Directory.EnumerateFiles(Path.Combine(Root, "functions"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Workflows.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Workflows.sln was not found above the program: run it from a clone of the repository.");
    }
}
