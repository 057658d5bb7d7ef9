using System.Globalization;

namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>The tables, their version, and the way from each version to the next.</summary>
internal static class Schema
{
    /// <summary>Marks the file as the engine's ("OMSW").</summary>
    public const int ApplicationId = 0x4F4D5357;

    private const long LargestChecked = 256L * 1024 * 1024;

    /// <summary>Version n is reached by running migrations 0 … n-1 in order. Released ones never change.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE instances (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            status INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            turn INTEGER NOT NULL,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            completed INTEGER,
            start_at INTEGER,
            tags BLOB,
            parent INTEGER,
            parent_generation INTEGER,
            parent_step INTEGER,
            custom_status TEXT,
            output TEXT,
            failure BLOB);
        CREATE INDEX instances_parent ON instances (parent) WHERE parent IS NOT NULL;
        CREATE INDEX instances_pending ON instances (key) WHERE status = 6;
        CREATE INDEX instances_completed ON instances (completed) WHERE completed IS NOT NULL;
        CREATE TABLE inputs (key INTEGER PRIMARY KEY, input TEXT);
        CREATE TABLE history (key INTEGER NOT NULL, turn INTEGER NOT NULL, events BLOB NOT NULL, PRIMARY KEY (key, turn)) WITHOUT ROWID;
        CREATE TABLE inbox (seq INTEGER PRIMARY KEY, key INTEGER NOT NULL, generation INTEGER NOT NULL, event BLOB NOT NULL);
        CREATE INDEX inbox_key ON inbox (key, seq);
        CREATE TABLE activities (
            id INTEGER PRIMARY KEY,
            key INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            step INTEGER NOT NULL,
            instance_id TEXT NOT NULL,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            input TEXT);
        CREATE TABLE timers (
            key INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            step INTEGER NOT NULL,
            due INTEGER NOT NULL,
            PRIMARY KEY (key, generation, step)) WITHOUT ROWID;
        CREATE INDEX timers_due ON timers (due);
        """,
        "ALTER TABLE instances ADD COLUMN trace TEXT;",
    ];

    /// <summary>The version this engine writes.</summary>
    public static int CurrentVersion => Migrations.Length;

    /// <summary>Brings the file to the current version.</summary>
    /// <exception cref="StoreException">The file is not the engine's, is damaged, or was written by a newer engine. It is left as it is.</exception>
    public static void Prepare(Connection connection, string path)
    {
        var (application, version) = Inspect(connection, path);
        if (version > CurrentVersion)
        {
            throw new StoreException(
                $"The database {path} has schema version {version}; this engine knows versions up to {CurrentVersion}. "
                + "Use the newer program, or another file.");
        }

        if (application != ApplicationId && (application != 0 || connection.Number("SELECT count(*) FROM sqlite_schema") > 0))
        {
            throw new StoreException($"The file {path} is a database of another program. Choose another file.");
        }

        for (var next = (int)version; next < CurrentVersion; next++)
        {
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN IMMEDIATE; {Migrations[next]} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {next + 1}; COMMIT;"));
        }
    }

    private static (long Application, long Version) Inspect(Connection connection, string path)
    {
        try
        {
            // Checking a large file would take longer than a start may; its damage shows when the page is read.
            var size = File.Exists(path) ? new FileInfo(path).Length : 0;
            if (size <= LargestChecked && connection.Text("PRAGMA quick_check(1)") is var verdict and not "ok")
            {
                throw new StoreException($"The database {path} is damaged ({verdict}). Restore a copy; it is left as it is.");
            }

            return (connection.Number("PRAGMA application_id"), connection.Number("PRAGMA user_version"));
        }
        catch (StoreException e) when (e.IsCorruption)
        {
            throw new StoreException($"The file {path} is not a database, or is damaged. Restore a copy; it is left as it is.", e);
        }
    }
}
