using System.Runtime.CompilerServices;

namespace OmsWorkflows.Functions.Tests.House;

/// <summary>The files these tests read.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
