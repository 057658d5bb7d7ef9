using System.Diagnostics;

namespace OmsWorkflows.Infra.Tests;

/// <summary>Runs a command and says how it ended.</summary>
internal static class Tool
{
    /// <param name="program">Name or path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it runs; the repository's root unless given.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public static Result Run(string program, string[] arguments, string? folder = null, IReadOnlyDictionary<string,
        string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Repository.Root,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, said.Result);
    }

    internal sealed record Result(int ExitCode, string Output, string Said);
}
