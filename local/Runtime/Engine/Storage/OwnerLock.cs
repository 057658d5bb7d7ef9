using System.Globalization;

namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>Makes one process the owner of a database file, for as long as it lives.</summary>
internal sealed class OwnerLock : IDisposable
{
    private readonly FileStream _file;

    public OwnerLock(string databasePath)
    {
        var path = databasePath + ".lock";
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StoreException(
                $"The database {databasePath} is in use by another process ({path} is locked). "
                + "Stop that process, or give this one a database of its own.", e);
        }

        using var writer = new StreamWriter(_file, leaveOpen: true);
        _file.SetLength(0);
        writer.WriteLine(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose() => _file.Dispose();
}
