using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DurableTask.Sqlite.Tests;

/// <summary>Looks at a database from outside.</summary>
internal static class Sql
{
    public static long Number(string path, string sql) => Convert.ToInt64(Run(path, sql), CultureInfo.InvariantCulture);

    public static void Execute(string path, string sql) => Run(path, sql);

    private static object? Run(string path, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
