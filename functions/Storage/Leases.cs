using System.Net;
using Azure;
using Azure.Data.Tables;

namespace OmsWorkflows.Storage;

/// <summary>
/// The right to do what only one may do at a time, whichever instance it runs on: one row for each thing, whose first writer holds it until
/// it is released, or for <see cref="Lifetime"/> after a crash (docs/decisions/0011-many-instances.md).
/// </summary>
public sealed class Leases(AppTables tables, TimeProvider clock)
{
    private const string Partition = "lease";
    private const int MostAtOnce = 100;

    /// <summary>Longer than a call of OMS or of the vault can take, with all its repetitions.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Takes a lease, or renews one's own; null while somebody else holds it. One request where nobody does.</summary>
    /// <param name="what">The thing; ids only.</param>
    /// <param name="holder">Who asks.</param>
    public async Task<Lease?> TakeAsync(string what, string holder, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, TableKey.Of(what)) { ["Holder"] = holder, ["Until"] = clock.GetUtcNow() + Lifetime };
        try
        {
            return Of(row, await tables.Leases.AddEntityAsync(row, cancellationToken));
        }
        catch (RequestFailedException e) when (IsLost(e))
        {
            // Somebody holds it, or did when the process died.
        }

        if (await FindAsync(what, cancellationToken) is not { } found)
            return null;
        if (found.Text("Holder") != holder && found.Time("Until") > clock.GetUtcNow())
            return null;
        try
        {
            return Of(row, await tables.Leases.UpdateEntityAsync(row.Over(found), found.ETag, TableUpdateMode.Replace, cancellationToken));
        }
        catch (RequestFailedException e) when (IsLost(e))
        {
            return null;
        }
    }

    /// <summary>Gives a lease back; nothing happens when it ran out and somebody else holds it by now.</summary>
    public async Task ReleaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        try
        {
            await tables.Leases.DeleteEntityAsync(Partition, lease.Key, lease.Version, cancellationToken);
        }
        catch (RequestFailedException e) when (IsLost(e))
        {
            // It ran out, and somebody else took it.
        }
    }

    /// <summary>
    /// Removes what ran out and nobody gave back, a hundred with each request. It reads all leases: one that stays was taken in the last
    /// minutes.
    /// </summary>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var all = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        var rows = tables.Leases.QueryAsync<TableEntity>(all, cancellationToken: cancellationToken).Where(row => row.Time("Until") < now);
        await foreach (var some in rows.Chunk(MostAtOnce).WithCancellation(cancellationToken))
        {
            try
            {
                await tables.Leases.SubmitTransactionAsync(
                    some.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag)), cancellationToken);
            }
            catch (RequestFailedException e) when (IsLost(e))
            {
                // One of them was taken again: the next run removes the others.
            }
        }
    }

    private static Lease Of(TableEntity row, Response stored) => new(row.RowKey, stored.Headers.ETag ?? ETag.All);

    private async Task<TableEntity?> FindAsync(string what, CancellationToken cancellationToken)
    {
        var found = await tables.Leases.GetEntityIfExistsAsync<TableEntity>(
            Partition, TableKey.Of(what), cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private static bool IsLost(RequestFailedException e)
        => e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound;
}

/// <summary>A lease that is held.</summary>
/// <param name="Key">What it is for.</param>
/// <param name="Version">The row as its holder wrote it.</param>
public sealed record Lease(string Key, ETag Version);
