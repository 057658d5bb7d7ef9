using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OmsWorkflows.Local.AppHost;

/// <summary>The program that started this one.</summary>
internal static partial class Starter
{
    /// <summary>
    /// The process of <c>dotnet run</c>, which passes on what it is asked and takes nothing along when it is killed; null when something
    /// else started this. On Windows it takes its program along.
    /// </summary>
    public static int? DotnetRun
    {
        get
        {
            if (OperatingSystem.IsWindows())
                return null;
            using var parent = Process.GetProcessById(ParentProcessId());
            return parent.ProcessName == "dotnet" ? parent.Id : null;
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentProcessId();
}
