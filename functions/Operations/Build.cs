using System.Reflection;

namespace OmsWorkflows.Operations;

/// <summary>What this app was built from.</summary>
internal static class Build
{
    /// <summary>
    /// The commit, or <c>unknown</c> if it was built outside a repository. The build puts it behind the version's plus sign.
    /// </summary>
    public static string Commit { get; } = typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>(
        )?.InformationalVersion
        .Split('+', 2) is [_, { Length: > 0 } commit] ? commit : "unknown";
}
