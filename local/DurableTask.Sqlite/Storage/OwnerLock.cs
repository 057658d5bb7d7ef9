using System.Globalization;

namespace DurableTask.Sqlite.Storage;

/// <summary>Makes one process the owner of a database file, for as long as it lives.</summary>
internal sealed class OwnerLock : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="SqliteStoreException">Another process owns it, or the folder cannot be written.</exception>
    public OwnerLock(string databasePath)
    {
        var path = databasePath + ".lock";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _file = new FileStream(path, OwnerOnly.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new SqliteStoreException(
                $"The database {databasePath} is in use by another process ({path} is locked{Owner(path)}). "
                + "Stop that process, or give this one a database of its own.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteStoreException($"The database {databasePath} cannot be opened: {e.Message}", e);
        }

        using var writer = new StreamWriter(_file, leaveOpen: true);
        _file.SetLength(0);
        writer.WriteLine(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose() => _file.Dispose();

    private static string Owner(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadLine() is { Length: > 0 } id ? $" by process {id}" : string.Empty;
        }
        catch (IOException)
        {
            // The lock keeps readers out on some systems; the number only helps to find the process.
            return string.Empty;
        }
    }
}

/// <summary>How the provider's files are made: readable by their owner alone, for they hold what orchestrations work with.</summary>
internal static class OwnerOnly
{
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        return options;
    }
}
