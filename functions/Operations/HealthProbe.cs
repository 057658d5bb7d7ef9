using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Oms;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Operations;

/// <summary>Whether what the app needs answers: its tables, the durable engine, OMS.</summary>
public sealed class HealthProbe(AppTables tables, OmsClient oms, TimeProvider time, ILogger<HealthProbe> logger)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Probes come often and OMS counts calls (OMS API 3.4).</summary>
    private static readonly TimeSpan _omsAnswerHolds = TimeSpan.FromSeconds(15);

    private volatile OmsAnswer? _omsAnswer;

    /// <summary>Tries everything, side by side.</summary>
    public async Task<HealthReport> CheckAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        HealthCheck[] checks = await Task.WhenAll(
            TryAsync("tables", TablesAsync, cancellationToken),
            TryAsync("engine", token => client.GetInstanceAsync("health-probe", token), cancellationToken),
            OmsAsync(cancellationToken)).ConfigureAwait(false);
        return new(checks.All(check => check.Ok), checks);
    }

    /// <summary>A query, because reading one row does not tell a missing table from a missing row.</summary>
    private async Task TablesAsync(CancellationToken cancellationToken)
    {
        var nothing = tables.Settlements.QueryAsync<TableEntity>("PartitionKey eq 'health-probe'", 1, cancellationToken: cancellationToken);
        await foreach (var _ in nothing.ConfigureAwait(false)) return;
    }

    private async Task<HealthCheck> OmsAsync(CancellationToken cancellationToken)
    {
        if (_omsAnswer is { } known && time.GetElapsedTime(known.At) < _omsAnswerHolds) return known.Check;
        var check = await TryAsync("oms", token => oms.ListTransactionsAsync(new TransactionQuery { Limit = 1 }, token), cancellationToken).ConfigureAwait(false);
        _omsAnswer = new(check, time.GetTimestamp());
        return check;
    }

    private async Task<HealthCheck> TryAsync(string name, Func<CancellationToken, Task> check, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_patience);
        try
        {
            await check(limit.Token).ConfigureAwait(false);
            return new(name, true);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.CheckFailed(name, failure);
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
