using System.Globalization;
using Azure.Data.Tables;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Outbox;

/// <summary>
/// Says that something is to be told to an endpoint, and when. What is told, and in which order, is in the subject's own partition: a
/// notice too many costs a look, and there is never one too few.
/// </summary>
/// <param name="DueAt">Not to be looked at before.</param>
internal sealed record DueNotice(string Endpoint, string Subject, long Sequence, DateTimeOffset DueAt)
{
    /// <summary>
    /// Whether the one message is told once more, whatever was told before: a person asked for it. Without it the subject's line goes on.
    /// </summary>
    public bool Again { get; init; }

    /// <summary>How often one that is told again was tried, and since when.</summary>
    public int Tries { get; init; }

    /// <inheritdoc cref="Tries"/>
    public DateTimeOffset Since { get; init; }

    public string PartitionKey => OutboxKeys.Due(Endpoint);

    public string RowKey => $"{OutboxKeys.Time(DueAt)}:{OutboxKeys.Of(Subject, Sequence)}{(Again ? ":again" : "")}";

    public TableEntity Write() => new(PartitionKey, RowKey)
    {
        ["Subject"] = Subject,
        ["Sequence"] = Sequence,
        ["Again"] = Again,
        ["Tries"] = (long)Tries,
        ["Since"] = Again ? Since : null,
    };

    /// <summary>Reads a row; null when it is damaged.</summary>
    public static DueNotice? Read(string endpoint, TableEntity row)
    {
        var time = row.RowKey.Split(':')[0];
        return row.Text("Subject") is { } subject && row.Number("Sequence") is { } sequence
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new(endpoint, subject, sequence, new DateTimeOffset(ticks, TimeSpan.Zero))
            {
                Again = row.Flag("Again") ?? false,
                Tries = (int)(row.Number("Tries") ?? 0),
                Since = row.Time("Since") ?? DateTimeOffset.UnixEpoch,
            }
            : null;
    }
}
