using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Oms;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Operations;

/// <summary>Whether what the app needs answers: its tables, the durable engine, OMS.</summary>
public sealed class HealthProbe(AppTables tables, OmsClient oms, TimeProvider clock, ILogger<HealthProbe> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Probes come often and OMS counts calls (docs/oms-api.md 3.4).</summary>
    private static readonly TimeSpan OmsAnswerHolds = TimeSpan.FromSeconds(15);

    private volatile OmsAnswer? _omsAnswer;

    /// <summary>Tries everything, side by side.</summary>
    public async Task<HealthReport> CheckAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        HealthCheck[] checks = await Task.WhenAll(
            TryAsync("tables", TablesAsync, cancellationToken),
            TryAsync("engine", token => client.GetInstanceAsync("health-probe", token), cancellationToken),
            OmsAsync(cancellationToken));
        return new(checks.All(check => check.Ok), checks);
    }

    /// <summary>
    /// Whether all were made when the app started, or since; then a query, because reading one row does not tell a missing table from a
    /// missing
    /// row.
    /// </summary>
    private async Task TablesAsync(CancellationToken cancellationToken)
    {
        if (!tables.Created)
            throw new InvalidOperationException("The tables are not set up yet.");
        var nothing = tables.Settlements.QueryAsync<TableEntity>("PartitionKey eq 'health-probe'", 1, cancellationToken: cancellationToken);
        await foreach (var _ in nothing)
            return;
    }

    private async Task<HealthCheck> OmsAsync(CancellationToken cancellationToken)
    {
        if (_omsAnswer is { } known && clock.GetElapsedTime(known.At) < OmsAnswerHolds)
            return known.Check;
        var check = await TryAsync("oms", token => oms.ListTransactionsAsync(new TransactionQuery { Limit = 1 }, token), cancellationToken);
        _omsAnswer = new(check, clock.GetTimestamp());
        return check;
    }

    private async Task<HealthCheck> TryAsync(string name, Func<CancellationToken, Task> check, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await check(limit.Token);
            return new(name, true);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.CheckFailed(name, e);
            return new(name, false);
        }
    }

    private sealed record OmsAnswer(HealthCheck Check, long At);
}

/// <summary>Whether the app can do its work.</summary>
/// <param name="Ready">Whether everything it needs answers.</param>
/// <param name="Checks">What was tried.</param>
public sealed record HealthReport(bool Ready, IReadOnlyList<HealthCheck> Checks);

/// <summary>One thing the app needs.</summary>
/// <param name="Name"><c>tables</c>, <c>engine</c> or <c>oms</c>.</param>
/// <param name="Ok">Whether it answered. Why not is in the log, not here.</param>
public sealed record HealthCheck(string Name, bool Ok);
