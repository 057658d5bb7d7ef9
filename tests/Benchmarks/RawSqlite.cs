using System.Diagnostics;
using DurableTask.Sqlite.Storage;

namespace OmsWorkflows.Benchmarks;

/// <summary>The ceiling: what SQLite itself does on this disk, at this moment, with the provider's pragmas and nothing around it.</summary>
internal static class RawSqlite
{
    private const int RowBytes = 300;

    /// <summary>Commits per second, each with so many rows of 300 bytes.</summary>
    public static double CommitsPerSecond(int rowsPerCommit) => 1_000 / CommitMilliseconds(rowsPerCommit).Mean;

    /// <summary>How long a commit of so many rows of 300 bytes takes, over two seconds of nothing else.</summary>
    public static Percentiles CommitMilliseconds(int rowsPerCommit)
    {
        var directory = Directory.CreateTempSubdirectory("sqlite-bench-");
        try
        {
            using var connection = new Connection(Path.Combine(directory.FullName, "raw.db"), readOnly: false);
            // As the provider's writer (local/DurableTask.Sqlite/Storage/WriterConnection.cs).
            connection.Execute(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -16000; "
                + "PRAGMA temp_store = MEMORY; CREATE TABLE t (d BLOB)");
            var row = new byte[RowBytes];
            var times = new List<double>();
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < TimeSpan.FromSeconds(2))
            {
                var start = Stopwatch.GetTimestamp();
                connection.Execute("BEGIN IMMEDIATE");
                for (var n = 0; n < rowsPerCommit; n++)
                {
                    connection["INSERT INTO t (d) VALUES (?)"].Bind(1, row).Execute();
                }

                connection.Execute("COMMIT");
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return new Percentiles(times);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
