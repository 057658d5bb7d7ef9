using System.Runtime.Versioning;

namespace OmsWorkflows.Local.FunctionsHost.Settings;

/// <summary>Files with what others must not read: made for their owner alone, and refused when somebody else may use them.</summary>
internal static class OwnFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a file.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;

        return new FileStream(path, options);
    }

    /// <summary>Refuses a file that is there and open to others.</summary>
    /// <param name="option">Which option names it.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="StartRefusedException">It is, or is a link that leads nowhere.</exception>
    public static void RefuseLooseMode(string option, string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
            return;

        var loose = Mode(option, path) & ~OwnerOnly;
        if (loose != UnixFileMode.None)
            throw new StartRefusedException($"{option} {path} is open to others than its owner ({loose}): run chmod 600 {path}");
    }

    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode Mode(string option, string path)
    {
        try
        {
            return File.GetUnixFileMode(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A link is there, whatever it leads to.
            var what = File.ResolveLinkTarget(path, returnFinalTarget: false) is { } target ? $" (a link to {target.FullName})" : "";
            throw new StartRefusedException($"{option} {path}{what} cannot be used: {StartRefusedException.Cause(e)}", e);
        }
    }
}
