using Microsoft.DurableTask.Client;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
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
    /// The journeys that an id belongs to: the journey's own; a customer's; a wallet's, a cash-in's or a transaction's at OMS; a deposit
    /// code; the caller's own id of the person. By keys alone (docs/decisions/0015-reads-that-do-not-scan.md).
    /// </summary>
    public async Task<IReadOnlyList<JourneyView>> FindAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
        => await ViewsAsync(await InstancesAsync(id, cancellationToken), client, cancellationToken);

    /// <summary>The journeys of whoever gave an e-mail address when they were asked for, or later.</summary>
    public async Task<IReadOnlyList<JourneyView>> FindByEmailAsync(
        string email, DurableTaskClient client, CancellationToken cancellationToken)
        => await ViewsAsync(await intakes.FindByEmailAsync(email, MostOfACustomer, cancellationToken), client, cancellationToken);

    private async Task<IReadOnlyList<JourneyView>> ViewsAsync(
        IEnumerable<string> instances, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Intake>(StringComparer.Ordinal);
        foreach (var instanceId in instances)
        {
            if (await intakes.FindPlainAsync(instanceId, cancellationToken) is { } intake)
                found[instanceId] = intake;
        }

        var views = new List<JourneyView>();
        foreach (var intake in found.Values.OrderByDescending(intake => intake.ReceivedAt))
            views.Add(await ViewAsync(intake, client, cancellationToken));
        return views;
    }

    private async Task<IEnumerable<string>> InstancesAsync(string id, CancellationToken cancellationToken)
    {
        List<string> instances = [id, .. await intakes.Index.FindAsync(id, MostOfACustomer, cancellationToken)];
        await foreach (var row in intakes.Index.OfCustomerAsync(id, IndexSpan.Whole, MostOfACustomer, cancellationToken))
        {
            if (instances.Count > MostOfACustomer)
                break;
            if (JourneyIndex.InstanceOf(row) is { } ofCustomer)
                instances.Add(ofCustomer);
        }

        instances.AddRange(await inbox.ListListenersAsync(id, cancellationToken));
        if (await ledger.FindAsync(id, cancellationToken) is { Settlement.InstanceId: { } booked })
            instances.Add(booked);
        return instances.Distinct();
    }

    private Task<JourneyView> ViewAsync(Intake intake, DurableTaskClient client, CancellationToken cancellationToken)
        => JourneyView.OfAsync(
            _kinds.Single(kind => kind.Orchestration == intake.Orchestration), intake, intakes.Index, client, cancellationToken);
}
