using Azure.Data.Tables;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Actions;

/// <summary>
/// Who did what to a journey, a settlement or an event, and why: one partition for each, which nobody changes afterwards
/// (docs/decisions/0014-who-acted.md).
/// </summary>
public sealed class ActionLog(AppTables tables)
{
    private const string RowPrefix = "action:";
    private const int MostShown = 100;

    /// <summary>Writes down an action; the same one again changes nothing.</summary>
    /// <param name="subject">The journey, transaction or resource it was done to.</param>
    /// <param name="id">Tells it from others of the same subject.</param>
    /// <param name="action">What was done.</param>
    public async Task WriteAsync(string subject, string id, ActionRecord action, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentNullException.ThrowIfNull(action);
        // One that is there was written by the same request before.
        _ = await tables.Actions.TryAddAsync(ToRow(subject, id, action), cancellationToken);
    }

    /// <summary>What was done to a subject, oldest first; at most the newest hundred.</summary>
    public async Task<IReadOnlyList<ActionRecord>> ListAsync(string subject, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(subject)}");
        var actions = new List<ActionRecord>();
        await foreach (var row in tables.Actions.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            actions.Add(Read(row));
        return [.. actions.OrderBy(action => action.At).TakeLast(MostShown)];
    }

    internal static TableEntity ToRow(string subject, string id, ActionRecord action)
        => new(TableKey.Of(subject), RowPrefix + TableKey.Of(id))
        {
            ["At"] = action.At.ToUniversalTime(),
            ["Action"] = action.Action,
            ["By"] = action.By,
            ["About"] = action.About,
            ["Reason"] = action.Reason,
            ["Reference"] = action.Reference,
            ["ProposedBy"] = action.ProposedBy,
        };

    private static ActionRecord Read(TableEntity row) => new(
        row.Time("At") ?? row.Timestamp ?? default,
        row.Text("Action") ?? "",
        row.Text("By") ?? "",
        row.Text("About"),
        row.Text("Reason"),
        row.Text("Reference"),
        row.Text("ProposedBy"));
}
