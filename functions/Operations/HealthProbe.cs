using Azure.Data.Tables;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Oms;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Operations;

/// <summary>Whether what the app needs answers and, where it is the app's own, takes writes: its tables, the durable engine, OMS.</summary>
public sealed class HealthProbe(AppTables tables, OmsClient oms, TimeProvider clock, ILogger<HealthProbe> logger)
{
    /// <summary>Begins the ids of the engine's probes.</summary>
    internal const string InstancePrefix = $"{ProbeName}-";

    private const string ProbeName = "health-probe";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Probes come often; OMS counts calls (docs/oms-api.md 3.4), and an orchestration costs its backend several writes.</summary>
    private static readonly TimeSpan AnswerHolds = TimeSpan.FromSeconds(15);

    /// <summary>Of this process: the probes of several instances do not meet, and each has one instance only.</summary>
    private readonly string _engineProbe = $"{InstancePrefix}{Guid.NewGuid():N}";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Answer> _answers = [];

    /// <summary>Tries everything, side by side.</summary>
    public async Task<HealthReport> CheckAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        HealthCheck[] checks = await Task.WhenAll(
            TryAsync("tables", TablesAsync, cancellationToken),
            TryNowAndThenAsync("engine", token => EngineAsync(client, token), cancellationToken),
            TryNowAndThenAsync("oms", token => oms.ListTransactionsAsync(new TransactionQuery { Limit = 1 }, token), cancellationToken));
        return new(checks.All(check => check.Ok), checks);
    }

    /// <summary>
    /// Whether all were made when the app started, or since; then a query, because reading one row does not tell a missing table from a
    /// missing row; and a write, because an account that is full or locked still answers queries.
    /// </summary>
    private async Task TablesAsync(CancellationToken cancellationToken)
    {
        if (!tables.Created)
            throw new InvalidOperationException("The tables are not set up yet.");
        await tables.Leases.UpsertEntityAsync(new TableEntity(ProbeName, ProbeName), TableUpdateMode.Replace, cancellationToken);
        var nothing = tables.Settlements.QueryAsync<TableEntity>($"PartitionKey eq '{ProbeName}'", 1, cancellationToken: cancellationToken);
        await foreach (var _ in nothing)
            return;
    }

    /// <summary>
    /// Starts an orchestration that ends at once, which the engine has to store. When the one before has not ended by now, the engine does
    /// not run what it stores, and says so by refusing the same id.
    /// </summary>
    private Task<string> EngineAsync(DurableTaskClient client, CancellationToken cancellationToken)
        => client.ScheduleNewOrchestrationInstanceAsync(
            nameof(EngineProbe.ProbeEngine), null, new StartOrchestrationOptions(_engineProbe), cancellationToken);

    /// <summary>Whoever asks meanwhile waits for the same answer: two probes of the engine at a time would refuse each other.</summary>
    private async Task<HealthCheck> TryNowAndThenAsync(
        string name, Func<CancellationToken, Task> check, CancellationToken cancellationToken)
    {
        Answer answer;
        lock (_gate)
        {
            if (!_answers.TryGetValue(name, out answer!) || (answer.Check.IsCompleted && clock.GetElapsedTime(answer.At) >= AnswerHolds))
            {
                // Nobody's to cancel; it has a limit of its own.
                _answers[name] = answer = new(TryAsync(name, check, CancellationToken.None), clock.GetTimestamp());
            }
        }

        return await answer.Check.WaitAsync(cancellationToken);
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

    private sealed record Answer(Task<HealthCheck> Check, long At);
}

/// <summary>Whether the app can do its work.</summary>
/// <param name="Ready">Whether everything it needs answers.</param>
/// <param name="Checks">What was tried.</param>
public sealed record HealthReport(bool Ready, IReadOnlyList<HealthCheck> Checks);

/// <summary>One thing the app needs.</summary>
/// <param name="Name"><c>tables</c>, <c>engine</c> or <c>oms</c>.</param>
/// <param name="Ok">Whether it answered. Why not is in the log, not here.</param>
public sealed record HealthCheck(string Name, bool Ok);
