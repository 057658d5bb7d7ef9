using System.Runtime.InteropServices;

namespace OmsWorkflows.Machines.Processes;

/// <summary>Asks a process to end. .NET itself can only kill.</summary>
internal static partial class UnixSignal
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    /// <summary>Whether this system knows signals.</summary>
    public static bool IsSupported => !OperatingSystem.IsWindows();

    /// <summary>Sends SIGINT, as Ctrl-C does; to a process group, if the id is negative.</summary>
    public static void Interrupt(int processId) => _ = Kill(processId, SigInt);

    /// <summary>Sends SIGTERM; a process that is gone already is no error.</summary>
    public static void Terminate(int processId) => _ = Kill(processId, SigTerm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
