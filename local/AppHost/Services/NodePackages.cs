using System.ComponentModel;
using System.Diagnostics;
using OmsWorkflows.Local.AppHost.Processes;

namespace OmsWorkflows.Local.AppHost.Services;

/// <summary>Installs what package-lock.json names: Azurite.</summary>
internal static class NodePackages
{
    private const string NoNode = "Node.js was not found. Azurite, the storage emulator, needs it: install Node.js 20 or newer from https://nodejs.org and start again.";

    /// <summary>Azurite's program.</summary>
    public static string Azurite => Path.Combine(Programs.Repository, "node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>Runs <c>npm ci</c> unless the packages are there.</summary>
    /// <exception cref="ProcessFailedException">Node.js is missing, or npm failed.</exception>
    public static async Task EnsureAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        await RunAsync("node", ["--version"], cancellationToken).ConfigureAwait(false);
        if (File.Exists(Azurite)) return;
        progress("installing Azurite (npm ci, once)");
        await RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"], cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Programs.Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken))
                    .ConfigureAwait(false);
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                if (process.ExitCode != 0)
                    throw new ProcessFailedException($"{program} {string.Join(' ', arguments)} failed with exit code {process.ExitCode}.", [.. string.Concat(output).Split('\n').TakeLast(15)]);
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        catch (Win32Exception)
        {
            throw new ProcessFailedException(NoNode, []);
        }
    }
}
