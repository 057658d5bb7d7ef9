using System.Net;
using Azure;
using Azure.Data.Tables;

namespace OmsWorkflows.Storage;

/// <summary>
/// Reads columns that may be missing, or of another type, without an exception: one such row must not stop a pass over many.
/// And writes rows as several writers at a time have to.
/// </summary>
internal static class TableRows
{
    public static string? Text(this TableEntity row, string column) => row.TryGetValue(column, out var value) ? value as string : null;

    public static bool? Flag(this TableEntity row, string column) => row.TryGetValue(column, out var value) ? value as bool? : null;

    public static long? Number(this TableEntity row, string column) => row.TryGetValue(column, out var value) ? value as long? : null;

    public static DateTimeOffset? Time(this TableEntity row, string column)
        => row.TryGetValue(column, out var value) ? value as DateTimeOffset? : null;

    /// <summary>
    /// Sets a column, or takes it away when there is nothing to write. Columns nobody names stay: a newer version may have written them.
    /// </summary>
    public static void Put(this TableEntity row, string column, object? value)
    {
        if (value is null)
            row.Remove(column);
        else
            row[column] = value;
    }

    /// <summary>Adds a row; <see langword="false"/> when there is one with its keys, which stays as it is.</summary>
    public static async Task<bool> TryAddAsync(this TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Puts the columns of a row over those of the row that was read, so that columns this version does not know stay.</summary>
    public static TableEntity Over(this TableEntity row, TableEntity read)
    {
        var over = new TableEntity(read) { ETag = read.ETag };
        foreach (var (column, value) in row)
            if (column is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"))
                over.Put(column, value);
        return over;
    }
}
