using System.Net;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>
/// Raises the alarm for money that differs in two runs in a row: OMS's list may lag behind what it told a journey, and what it corrects
/// before
/// the next run is no difference. What the last run found is in the tables, since each run may be on another instance.
/// </summary>
public sealed class ReconciliationAlarm(AppTables tables, ILogger<ReconciliationAlarm> logger)
{
    private const string Partition = "reconciliation";

    /// <summary>A column holds 32 Ki characters; so many ids say enough.</summary>
    private const int MaxNoted = 500;

    /// <summary>Compares a run with the one before it.</summary>
    /// <param name="run">Which of the regular runs.</param>
    /// <param name="report">What it found.</param>
    internal async Task RaiseAsync(string run, ReconciliationReport report, CancellationToken cancellationToken)
    {
        var found = await tables.Settlements.GetEntityIfExistsAsync<TableEntity>(Partition, run, cancellationToken: cancellationToken);
        var before = found.HasValue ? (found.Value!.Text("Differs") ?? "").Split(' ').ToHashSet(StringComparer.Ordinal) : [];
        string[] mismatched = [.. report.Mismatched.Select(mismatch => mismatch.TransactionId)];
        string[] again = [.. mismatched.Where(before.Contains)];
        string[] unfoundedAgain = [.. report.Unfounded.Where(before.Contains)];
        if (again.Length + unfoundedAgain.Length > 0)
            logger.MoneyDiffers(string.Join(' ', again), string.Join(' ', unfoundedAgain));

        var row = new TableEntity(Partition, run) { ["Differs"] = string.Join(' ', mismatched.Concat(report.Unfounded).Take(MaxNoted)) };
        try
        {
            if (found.HasValue)
                await tables.Settlements.UpdateEntityAsync(
                    row.Over(found.Value!), found.Value!.ETag, TableUpdateMode.Replace, cancellationToken);
            else
                await tables.Settlements.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed)
        {
            // Another instance ran it at the same time and noted the same.
        }
    }
}
