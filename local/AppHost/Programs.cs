using System.Reflection;
using System.Runtime.InteropServices;

namespace OmsWorkflows.Local.AppHost;

/// <summary>Where the programs lie that are started from here.</summary>
internal static class Programs
{
    /// <summary>The .NET host this process runs on.</summary>
    public static string Dotnet { get; } = FindDotnet();

    /// <summary>The folder of Workflows.sln.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder of the app's build output, which a Functions host runs.</summary>
    public static string App => Path.GetDirectoryName(Built("functions", "OmsWorkflows.Functions.dll"))!;

    /// <summary>The local Functions host.</summary>
    public static string FunctionsHost => Built(Path.Combine("local", "FunctionsHost"), "OmsWorkflows.Local.FunctionsHost.dll");

    /// <summary>The OMS sandbox.</summary>
    public static string Sandbox => Built(Path.Combine("local", "Sandbox"), "OmsWorkflows.Local.Sandbox.dll");

    /// <summary>The sample receiver of notifications.</summary>
    public static string Receiver => Built(Path.Combine("local", "Receiver"), "OmsWorkflows.Local.Receiver.dll");

    /// <summary>The AppHost itself.</summary>
    public static string AppHost => Built(Path.Combine("local", "AppHost"), "OmsWorkflows.Local.AppHost.dll");

    private static string Built(string project, string file)
    {
        var configuration = typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "Configuration").Value ?? "Debug";
        var path = Path.Combine(Repository, project, "bin", configuration, "net10.0", file);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is not there. Build first: dotnet build Workflows.sln", path);
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Workflows.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("Workflows.sln was not found above the program: run it from a clone of the repository.");
    }

    private static string FindDotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent?.Parent?.Parent;
        return root is not null && File.Exists(Path.Combine(root.FullName, name)) ? Path.Combine(root.FullName, name) : name;
    }
}
