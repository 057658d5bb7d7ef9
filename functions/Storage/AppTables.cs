using Azure.Data.Tables;

namespace OmsWorkflows.Storage;

/// <summary>The app's own tables. They exist once <see cref="Created"/> says so: as a rule when the app has started.</summary>
public sealed class AppTables
{
    private volatile bool _created;

    /// <summary>The tables of one account whose names start with <paramref name="prefix"/>.</summary>
    public AppTables(TableServiceClient service, string prefix)
    {
        ArgumentNullException.ThrowIfNull(service);
        Inbox = service.GetTableClient(prefix + "Inbox");
        Settlements = service.GetTableClient(prefix + "Settlements");
        Subscriptions = service.GetTableClient(prefix + "Subscriptions");
        Intakes = service.GetTableClient(prefix + "Intakes");
        Leases = service.GetTableClient(prefix + "Leases");
        Outbox = service.GetTableClient(prefix + "Outbox");
        Index = service.GetTableClient(prefix + "Index");
        Actions = service.GetTableClient(prefix + "Actions");
    }

    /// <summary>Events of OMS and who listens to them, one partition per resource (docs/decisions/0002-store-first-inbox.md).</summary>
    public TableClient Inbox { get; }

    /// <summary>Settled money, one partition per transaction (docs/decisions/0008-money-is-booked-once.md).</summary>
    public TableClient Settlements { get; }

    /// <summary>Registered webhook endpoints and which secret belongs to which.</summary>
    public TableClient Subscriptions { get; }

    /// <summary>Requests to start a journey (docs/decisions/0003-idempotency-keys.md, docs/decisions/0005-personal-data.md).</summary>
    public TableClient Intakes { get; }

    /// <summary>What only one may do at a time, and who does it (docs/decisions/0011-many-instances.md).</summary>
    public TableClient Leases { get; }

    /// <summary>What the team's own systems are told, and how far each is (docs/decisions/0013-notifications.md).</summary>
    public TableClient Outbox { get; }

    /// <summary>
    /// Lists over the rows of the other tables, so that nobody has to look through those (docs/decisions/0015-reads-that-do-not-scan.md).
    /// </summary>
    public TableClient Index { get; }

    /// <summary>Who did what, and decisions that wait for a second person (docs/decisions/0014-who-acted.md).</summary>
    public TableClient Actions { get; }

    /// <summary>Whether this process has seen that all of them exist.</summary>
    public bool Created => _created;

    /// <summary>Creates what is missing.</summary>
    /// <exception cref="Azure.RequestFailedException">The account refused, or cannot be reached.</exception>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        foreach (var table in (TableClient[])[Inbox, Settlements, Subscriptions, Intakes, Leases, Outbox, Index, Actions])
            await table.CreateIfNotExistsAsync(cancellationToken);
        _created = true;
    }
}
