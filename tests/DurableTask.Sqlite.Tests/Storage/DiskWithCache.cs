using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace DurableTask.Sqlite.Tests.Storage;

/// <summary>
/// A disk that keeps, when the power fails, only what was synced. Stands between SQLite and the operating system while it exists: whenever
/// SQLite syncs a file of the directory, the file is copied aside.
/// </summary>
internal sealed class DiskWithCache : IDisposable
{
    // Layout of sqlite3_vfs, sqlite3_file and sqlite3_io_methods on a 64-bit machine.
    private const int VfsSize = 168;
    private const int VfsName = 24;
    private const int VfsOpen = 40;
    private const int MethodsSize = 152;
    private const int MethodsSync = 40;

    private readonly string _directory;
    private readonly DirectoryInfo _synced;
    private readonly nint _original = Native.FindVfs(null);
    private readonly nint _vfs = Marshal.AllocHGlobal(VfsSize);
    private readonly nint _name = Marshal.StringToCoTaskMemUTF8($"cached-{Guid.NewGuid():N}");
    private readonly ConcurrentDictionary<nint, (string Path, Native.Sync Sync)> _files = new();
    private readonly Dictionary<nint, (nint Table, Native.Sync Sync)> _methods = [];
    private readonly Lock _gate = new();
    private readonly Native.Open _openOriginal;
    private readonly Native.Open _open;
    private readonly Native.Sync _sync;
    private bool _isDisposed;

    public DiskWithCache(string directory)
    {
        _directory = Path.GetFullPath(directory) + Path.DirectorySeparatorChar;
        _synced = Directory.CreateTempSubdirectory("synced-");
        _openOriginal = Marshal.GetDelegateForFunctionPointer<Native.Open>(Marshal.ReadIntPtr(_original, VfsOpen));
        _open = Open;
        _sync = Sync;
        Copy(_original, _vfs, VfsSize);
        Marshal.WriteIntPtr(_vfs, VfsName, _name);
        Marshal.WriteIntPtr(_vfs, VfsOpen, Marshal.GetFunctionPointerForDelegate(_open));
        Native.RegisterVfs(_vfs, makeDefault: 1).Should().Be(0);
    }

    /// <summary>Times a file was synced.</summary>
    public int Syncs { get; private set; }

    /// <summary>What is on the disk after a power failure at this moment, as a directory of its own.</summary>
    public DirectoryInfo CutPower()
    {
        var survivors = Directory.CreateTempSubdirectory("survived-");
        lock (_gate)
        {
            // SQLite syncs the folder when it deletes a journal, so what is gone is gone from the disk too.
            foreach (var file in _synced.GetFiles().Where(file => File.Exists(Path.Combine(_directory, file.Name))))
            {
                file.CopyTo(Path.Combine(survivors.FullName, file.Name));
            }
        }

        return survivors;
    }

    /// <summary>Gives the place back to the operating system. Files that are open stay usable.</summary>
    public void Dispose()
    {
        Native.UnregisterVfs(_vfs).Should().Be(0);
        lock (_gate)
        {
            _isDisposed = true;
            _synced.Delete(recursive: true);
        }

        // The tables are not freed, and this object is not collected: connections opened meanwhile go on using them.
        GCHandle.Alloc(this);
    }

    private static void Copy(nint from, nint to, int length)
    {
        var bytes = new byte[length];
        Marshal.Copy(from, bytes, 0, length);
        Marshal.Copy(bytes, 0, to, length);
    }

    private int Open(nint vfs, nint name, nint file, int flags, nint outFlags)
    {
        var code = _openOriginal(_original, name, file, flags, outFlags);
        var methods = Marshal.ReadIntPtr(file);
        if (code != 0 || name == 0 || methods == 0
            || Marshal.PtrToStringUTF8(name) is not { } path || !path.StartsWith(_directory, StringComparison.Ordinal))
        {
            return code;
        }

        var intercepted = Intercept(methods);
        _files[file] = (path, intercepted.Sync);
        Marshal.WriteIntPtr(file, intercepted.Table);
        return code;
    }

    /// <summary>The methods of a kind of file (database and journal have their own), with the sync replaced.</summary>
    private (nint Table, Native.Sync Sync) Intercept(nint methods)
    {
        lock (_gate)
        {
            if (!_methods.TryGetValue(methods, out var intercepted))
            {
                intercepted = (
                    Marshal.AllocHGlobal(MethodsSize),
                    Marshal.GetDelegateForFunctionPointer<Native.Sync>(Marshal.ReadIntPtr(methods, MethodsSync)));
                Copy(methods, intercepted.Table, MethodsSize);
                Marshal.WriteIntPtr(intercepted.Table, MethodsSync, Marshal.GetFunctionPointerForDelegate(_sync));
                _methods.Add(methods, intercepted);
            }

            return intercepted;
        }
    }

    private int Sync(nint file, int flags)
    {
        var (path, original) = _files[file];
        var code = original(file, flags);
        lock (_gate)
        {
            if (code == 0 && !_isDisposed)
            {
                Syncs++;
                using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var target = File.Create(Path.Combine(_synced.FullName, Path.GetFileName(path)));
                source.CopyTo(target);
            }
        }

        return code;
    }

    private static class Native
    {
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        public delegate int Open(nint vfs, nint name, nint file, int flags, nint outFlags);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        public delegate int Sync(nint file, int flags);

        [DllImport(
            "e_sqlite3", EntryPoint = "sqlite3_vfs_find", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
        public static extern nint FindVfs(string? name);

        [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
        public static extern int RegisterVfs(nint vfs, int makeDefault);

        [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_unregister")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
        public static extern int UnregisterVfs(nint vfs);
    }
}
