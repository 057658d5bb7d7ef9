using System.Globalization;

namespace DurableTask.Sqlite.Storage;

/// <summary>The tables, their version, and the way from each version to the next.</summary>
internal static class Schema
{
    /// <summary>Marks the file as the provider's ("DTFS").</summary>
    public const int ApplicationId = 0x44544653;

    private const long LargestChecked = 256L * 1024 * 1024;

    /// <summary>Version n is reached by running migrations 0 … n-1 in order. Released ones never change.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE migrations (version INTEGER PRIMARY KEY, applied TEXT NOT NULL);
        CREATE TABLE instances (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            execution TEXT NOT NULL,
            name TEXT NOT NULL,
            version TEXT,
            status INTEGER NOT NULL,
            turn INTEGER NOT NULL,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            completed INTEGER,
            scheduled INTEGER,
            parent INTEGER,
            tags BLOB,
            custom_status TEXT,
            output TEXT,
            failure BLOB);
        CREATE INDEX instances_created ON instances (created, key);
        CREATE INDEX instances_parent ON instances (parent) WHERE parent IS NOT NULL;
        CREATE INDEX instances_completed ON instances (completed, key) WHERE completed IS NOT NULL;
        CREATE TABLE inputs (key INTEGER PRIMARY KEY, input TEXT);
        CREATE TABLE history (key INTEGER NOT NULL, turn INTEGER NOT NULL, events BLOB NOT NULL, PRIMARY KEY (key, turn)) WITHOUT ROWID;
        CREATE TABLE inbox (key INTEGER NOT NULL, seq INTEGER NOT NULL, message BLOB NOT NULL, PRIMARY KEY (key, seq)) WITHOUT ROWID;
        CREATE TABLE timers (
            key INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            due INTEGER NOT NULL,
            starts INTEGER NOT NULL,
            message BLOB NOT NULL,
            PRIMARY KEY (key, seq)) WITHOUT ROWID;
        CREATE INDEX timers_due ON timers (due, seq);
        CREATE TABLE activities (id INTEGER PRIMARY KEY, key INTEGER NOT NULL, message BLOB NOT NULL);
        """,
    ];

    /// <summary>The version this provider writes.</summary>
    public static int CurrentVersion => Migrations.Length;

    /// <summary>Brings the file to the current version.</summary>
    /// <exception cref="SqliteStoreException">
    /// The file is not the provider's, is damaged, or was written by a newer one. It is left as it is.
    /// </exception>
    public static void Prepare(Connection connection, string path, DateTimeOffset now)
    {
        var (application, version) = Inspect(connection, path);
        if (application != ApplicationId && (application != 0 || connection.Number("SELECT count(*) FROM sqlite_schema") > 0))
            throw new SqliteStoreException($"The file {path} is a database of another program. Choose another file.");

        if (version > CurrentVersion)
        {
            throw new SqliteStoreException(
                $"The database {path} has schema version {version}; this provider knows versions up to {CurrentVersion}. "
                + "Use the newer program, or another file.");
        }

        for (var next = (int)version; next < CurrentVersion; next++)
        {
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN IMMEDIATE; {Migrations[next]} INSERT INTO migrations VALUES ({next + 1}, '{now:O}'); "
                + $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {next + 1}; COMMIT;"));
        }
    }

    private static (long Application, long Version) Inspect(Connection connection, string path)
    {
        try
        {
            // Checking a large file would take longer than a start may; its damage shows when the page is read.
            var size = File.Exists(path) ? new FileInfo(path).Length : 0;
            if (size <= LargestChecked && connection.Text("PRAGMA quick_check(1)") is var verdict and not "ok")
                throw new SqliteStoreException($"The database {path} is damaged ({verdict}). Restore a copy; it is left as it is.");

            return (connection.Number("PRAGMA application_id"), connection.Number("PRAGMA user_version"));
        }
        catch (SqliteStoreException e) when (e.IsCorruption)
        {
            throw new SqliteStoreException($"The file {path} is not a database, or is damaged. Restore a copy; it is left as it is.", e);
        }
    }
}
