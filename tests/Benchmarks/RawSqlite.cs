using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace OmsWorkflows.Benchmarks;

/// <summary>The ceiling: what SQLite itself commits with the engine's pragmas.</summary>
internal static class RawSqlite
{
    /// <summary>Commits per second, each with so many rows of 300 bytes.</summary>
    public static double CommitsPerSecond(int rowsPerCommit, TimeSpan duration)
    {
        var directory = Directory.CreateTempSubdirectory("sqlite-bench-");
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(directory.FullName, "raw.db"),
                Pooling = false,
            }.ToString());
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; CREATE TABLE t (d BLOB)");
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO t (d) VALUES (@d)";
            insert.Parameters.AddWithValue("@d", new byte[300]);

            var watch = Stopwatch.StartNew();
            var commits = 0;
            while (watch.Elapsed < duration)
            {
                using var transaction = connection.BeginTransaction();
                insert.Transaction = transaction;
                for (var row = 0; row < rowsPerCommit; row++)
                {
                    insert.ExecuteNonQuery();
                }

                transaction.Commit();
                commits++;
            }

            return commits / watch.Elapsed.TotalSeconds;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
