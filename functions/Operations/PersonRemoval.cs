using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;
using OmsWorkflows.Outbox;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Operations;

/// <summary>
/// Removes what is kept of a person on request: journeys with their histories, intakes, events, listeners, notifications. Settlements stay,
/// because they are the books; they hold the customer's id and no more (docs/decisions/0005-personal-data.md).
/// </summary>
public sealed class PersonRemoval(
    AppTables tables, OmsClient oms, Intakes intakes, SettlementLedger ledger, JourneyRemoval removal, ILogger<PersonRemoval> logger)
{
    private const int PageSize = 100;
    private const int MostOfAPerson = 1_000;

    /// <summary>Removes what there is; may be repeated, and should be when a journey still runs.</summary>
    /// <exception cref="OmsException">OMS could not say whose the <c>externalId</c> is; nothing was removed.</exception>
    public async Task<PersonRemoved> RemoveAsync(RemovePersonRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        var (found, customers) = await FindAsync(request, cancellationToken);
        var knownAs = await KnownAsAsync(request, customers, cancellationToken);
        var resources = customers.ToDictionary(customer => customer, _ => new HashSet<DateTimeOffset>(), StringComparer.Ordinal);
        var (removed, running) = (new List<string>(), new List<string>());
        foreach (var intake in found.Values)
        {
            var ids = await ResourcesAsync(intake, client, cancellationToken);
            if (!await removal.TryRemoveAsync(intake, knownAs, client, cancellationToken))
            {
                running.Add(intake.InstanceId);
                continue;
            }

            foreach (var id in ids)
            {
                resources.TryAdd(id, []);
                resources[id].Add(intake.ReceivedAt);
            }

            removed.Add(intake.InstanceId);
            await RemovePartitionAsync(tables.Outbox, OutboxKeys.Subject(intake.InstanceId), cancellationToken);
        }

        var kept = new List<string>();
        foreach (var (resource, times) in resources)
        {
            // What a journey of the customer that runs may still be told stays.
            if (running.Count == 0 || !customers.Contains(resource))
                await RemoveFromInboxAsync(resource, times, cancellationToken);
            if (await ledger.FindAsync(resource, cancellationToken) is { } record)
                kept.Add(record.Settlement.TransactionId);
        }

        logger.PersonRemoved(removed.Count, running.Count, kept.Count);
        return new(removed.Count, running, kept);
    }

    /// <summary>The person's journeys by their ids, and what OMS knows the person as.</summary>
    private async Task<(Dictionary<string, Intake> Intakes, HashSet<string> Customers)> FindAsync(
        RemovePersonRequest request, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Intake>(StringComparer.Ordinal);
        var customers = new HashSet<string>(StringComparer.Ordinal);
        if (request.CustomerId is { } customerId)
            customers.Add(customerId);
        if (request.JourneyId is { } journeyId && await intakes.FindAsync(journeyId, cancellationToken) is { } named)
            found[journeyId] = named;
        if (request.ExternalId is { } externalId)
        {
            customers.UnionWith((await oms.FindCustomersAsync(externalId, cancellationToken)).Select(customer => customer.Id));
            foreach (var id in await intakes.Index.FindAsync(externalId, MostOfAPerson, cancellationToken))
                if (await intakes.FindAsync(id, cancellationToken) is { } known)
                    found[id] = known;
        }

        customers.UnionWith(found.Values.Select(intake => intake.CustomerId).OfType<string>());
        foreach (var customer in customers)
            await foreach (var row in intakes.Index.OfCustomerAsync(customer, IndexSpan.Whole, PageSize, cancellationToken))
                if (JourneyIndex.InstanceOf(row) is { } id && await intakes.FindAsync(id, cancellationToken) is { } intake)
                    found[id] = intake;
        return (found, customers);
    }

    /// <summary>The caller's own ids of the person, by which journeys are found.</summary>
    private async Task<IReadOnlyCollection<string>> KnownAsAsync(
        RemovePersonRequest request, IEnumerable<string> customers, CancellationToken cancellationToken)
    {
        var knownAs = new List<string?> { request.ExternalId };
        foreach (var customer in customers)
        {
            try
            {
                knownAs.Add((await oms.GetCustomerAsync(customer, cancellationToken)).ExternalId);
            }
            catch (OmsRefusedException e) when (e.IsNotFound)
            {
                // OMS has forgotten the person already.
            }
        }

        return [.. knownAs.OfType<string>().Distinct()];
    }

    /// <summary>What events and settlements of a journey are filed under.</summary>
    private static async Task<IReadOnlyList<string>> ResourcesAsync(
        Intake intake, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var instance = await client.GetInstanceAsync(intake.InstanceId, getInputsAndOutputs: true, cancellationToken);
        var status = instance is null ? new JourneyStatus() : JourneyView.StatusOf(instance);
        string?[] ids = [intake.CustomerId, status.CustomerId, status.CashInId, status.TransactionId, status.Payout?.TransactionId];
        return [.. ids.OfType<string>()];
    }

    /// <summary>Removes what the inbox keeps of a resource, and the rows by which the cleaning would find it.</summary>
    /// <param name="listed">When its journeys were asked for; the cleaning's rows are by these times, and by those of its own rows.</param>
    private async Task RemoveFromInboxAsync(string resource, HashSet<DateTimeOffset> listed, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(resource)}");
        await foreach (var row in tables.Inbox.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            if ((row.Time("ReceivedAt") ?? row.Time("Since")) is { } time)
                listed.Add(time);
        await new InboxLists(tables).ForgetAsync(resource, listed, cancellationToken);
        await RemovePartitionAsync(tables.Inbox, TableKey.Of(resource), cancellationToken);
    }

    private static async Task RemovePartitionAsync(TableClient table, string partition, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        string[] keys = ["PartitionKey", "RowKey"];
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: keys, cancellationToken: cancellationToken))
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
    }
}

/// <summary>Whose data is to be removed: exactly one of the ids.</summary>
public sealed record RemovePersonRequest
{
    /// <summary>The customer at OMS.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The caller's own id of the person; OMS is asked whose it is.</summary>
    public string? ExternalId { get; init; }

    /// <summary>A journey of the person; all others of its customer go with it.</summary>
    public string? JourneyId { get; init; }
}

/// <summary>What was removed of a person.</summary>
/// <param name="Journeys">How many journeys were removed, with all that was kept of them.</param>
/// <param name="Running">Journeys that still run: cancel them or let them end, and ask again.</param>
/// <param name="SettlementsKept">Transactions that stay in the books.</param>
public sealed record PersonRemoved(int Journeys, IReadOnlyList<string> Running, IReadOnlyList<string> SettlementsKept);
