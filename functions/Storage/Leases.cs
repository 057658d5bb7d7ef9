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
    private const string RowKey = "lease";

    /// <summary>Longer than a call of OMS or of the vault can take, with all its repetitions.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Takes a lease, or renews one's own; <see langword="false"/> while somebody else holds it.</summary>
    /// <param name="what">The thing; ids only.</param>
    /// <param name="holder">Who asks.</param>
    public async Task<bool> TakeAsync(string what, string holder, CancellationToken cancellationToken)
    {
        var lease = new TableEntity(TableKey.Of(what), RowKey) { ["Holder"] = holder, ["Until"] = clock.GetUtcNow() + Lifetime };
        try
        {
            if (await FindAsync(what, cancellationToken) is not { } found)
                await tables.Leases.AddEntityAsync(lease, cancellationToken);
            else if (found.Text("Holder") == holder || found.Time("Until") <= clock.GetUtcNow())
                await tables.Leases.UpdateEntityAsync(lease.Over(found), found.ETag, TableUpdateMode.Replace, cancellationToken);
            else
                return false;
            return true;
        }
        catch (RequestFailedException e) when (IsLost(e))
        {
            return false;
        }
    }

    /// <summary>Gives a lease back; nothing happens when somebody else holds it by now.</summary>
    public async Task ReleaseAsync(string what, string holder, CancellationToken cancellationToken)
    {
        if (await FindAsync(what, cancellationToken) is not { } found || found.Text("Holder") != holder)
            return;
        try
        {
            await tables.Leases.DeleteEntityAsync(found.PartitionKey, found.RowKey, found.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (IsLost(e))
        {
            // It ran out, and somebody else took it.
        }
    }

    private async Task<TableEntity?> FindAsync(string what, CancellationToken cancellationToken)
    {
        var found = await tables.Leases.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(what), RowKey, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private static bool IsLost(RequestFailedException e)
        => e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound;
}
