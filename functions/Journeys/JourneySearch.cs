using Microsoft.DurableTask.Client;
using OmsWorkflows.Ledger;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>Finds journeys by what a person may hold in hand.</summary>
public sealed class JourneySearch(IEnumerable<JourneyKind> kinds, Intakes intakes, Inbox inbox, SettlementLedger ledger)
{
    /// <summary>One customer has hardly more; who does is better served by the list.</summary>
    private const int MostOfACustomer = 50;

    private readonly JourneyKind[] _kinds = [.. kinds];

    /// <summary>Reads a journey by its own id; <see langword="null"/> if there is none.</summary>
    public async Task<JourneyView?> GetAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
        => await intakes.FindAsync(id, cancellationToken) is { } intake ? await ViewAsync(intake, client, cancellationToken) : null;

    /// <summary>
    /// The journeys that an id belongs to: the journey's own; a customer's; a cash-in's or a transaction's at OMS, while the journey runs,
    /// and after its money was booked.
    /// </summary>
    public async Task<IReadOnlyList<JourneyView>> FindAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Intake>(StringComparer.Ordinal);
        var (ofCustomer, _) = await intakes.ListAsync(new IntakeFilter(CustomerId: id), MostOfACustomer, null, cancellationToken);
        foreach (var intake in ofCustomer)
            found[intake.InstanceId] = intake;
        foreach (var instanceId in await InstancesAsync(id, cancellationToken))
        {
            if (!found.ContainsKey(instanceId) && await intakes.FindAsync(instanceId, cancellationToken) is { } intake)
                found[instanceId] = intake;
        }

        var views = new List<JourneyView>();
        foreach (var intake in found.Values.OrderByDescending(intake => intake.ReceivedAt))
            views.Add(await ViewAsync(intake, client, cancellationToken));
        return views;
    }

    private async Task<IEnumerable<string>> InstancesAsync(string id, CancellationToken cancellationToken)
    {
        var instances = new List<string> { id };
        instances.AddRange(await inbox.ListListenersAsync(id, cancellationToken));
        if (await ledger.FindAsync(id, cancellationToken) is { Settlement.InstanceId: { } booked })
            instances.Add(booked);
        await foreach (var record in ledger.ListOfCashInAsync(id, cancellationToken))
        {
            if (record.Settlement.InstanceId is { } credited)
                instances.Add(credited);
        }

        return instances.Distinct();
    }

    private Task<JourneyView> ViewAsync(Intake intake, DurableTaskClient client, CancellationToken cancellationToken)
        => JourneyView.OfAsync(_kinds.Single(kind => kind.Orchestration == intake.Orchestration), intake, client, cancellationToken);
}
