using System.Text.Json;

namespace OmsWorkflows.Local.AppHost.Calls;

/// <summary>Keys of the app, made for one run.</summary>
/// <param name="File">Where the Functions host reads them.</param>
/// <param name="Function">Opens the functions of level Function.</param>
/// <param name="Master">Opens everything.</param>
internal sealed record AppKeys(string File, string Function, string Master)
{
    /// <summary>Makes keys and writes them to a file that nobody else may read.</summary>
    public static AppKeys WriteTo(string path)
    {
        var keys = new AppKeys(path, $"{Guid.NewGuid():N}", $"{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, new { masterKey = keys.Master, hostKeys = new { @default = keys.Function } });
        return keys;
    }
}
