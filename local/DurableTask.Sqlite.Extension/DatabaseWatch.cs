using Microsoft.Extensions.Logging;

namespace DurableTask.Sqlite.Extension;

/// <summary>
/// Notices that the database file was removed, moved or replaced while it is open. The process that has it open goes on writing, into a
/// file that no later one finds: so it must not take on anything new.
/// </summary>
internal sealed partial class DatabaseWatch : IDisposable
{
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly FileSystemWatcher? _watcher;
    private bool _isToBeMade;
    private volatile bool _isGone;

    /// <summary>Begins to watch; the file may be made later.</summary>
    public DatabaseWatch(string path, ILogger logger)
    {
        _path = Path.GetFullPath(path);
        _logger = logger;
        _isToBeMade = !File.Exists(_path);
        try
        {
            var folder = Path.GetDirectoryName(_path)!;
            Directory.CreateDirectory(folder);
            _watcher = new FileSystemWatcher(folder, Path.GetFileName(_path));
            _watcher.Created += (_, _) => Created();
            _watcher.Deleted += (_, _) => Gone();
            _watcher.Renamed += (_, _) => Gone();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be used is refused where the file is opened; a machine may have no watches left.
            LogUnwatched(_logger, e, _path);
        }
    }

    /// <summary>Refuses when the file is no longer the one that was opened.</summary>
    /// <exception cref="SqliteStoreException">It is not.</exception>
    public void ThrowIfGone()
    {
        if (_isGone)
        {
            throw new SqliteStoreException(
                $"The database {_path} was removed or replaced while it is open. "
                + "Nothing new is taken: stop the process and put the file back.");
        }
    }

    public void Dispose() => _watcher?.Dispose();

    private void Created()
    {
        if (_isToBeMade)
        {
            _isToBeMade = false;
            return;
        }

        Gone();
    }

    private void Gone()
    {
        if (!_isGone)
        {
            _isGone = true;
            LogGone(_logger, _path);
        }
    }

    [LoggerMessage(100, LogLevel.Critical, "The database {Path} was removed or replaced while it is open; what is written now is lost.")]
    private static partial void LogGone(ILogger logger, string path);

    [LoggerMessage(101, LogLevel.Warning, "It would not be noticed if the database {Path} were removed or replaced.")]
    private static partial void LogUnwatched(ILogger logger, Exception exception, string path);
}
