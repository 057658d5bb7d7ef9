using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Outbox;

/// <summary>
/// Takes what the team's own systems are to be told. Whoever calls it does so again until it succeeds, as an activity does: then nothing is
/// lost, and nothing is told twice under two ids (docs/decisions/0013-notifications.md).
/// </summary>
public sealed class OutboxWriter(
    AppTables tables, IOptionsMonitor<NotificationOptions> options, OutboxBell bell, TimeProvider clock)
{
    /// <summary>Sent at once as a rule; the timer looks only at what was not.</summary>
    private static readonly TimeSpan Head = TimeSpan.FromSeconds(5);

    /// <summary>Whether anybody is to be told anything.</summary>
    public bool IsOn => options.CurrentValue.Receivers.Count > 0;

    /// <summary>Takes one message for every endpoint there is now; nothing happens when there is none. May be repeated.</summary>
    /// <param name="subject">What it is about: a journey's or a transaction's id. Messages of a subject are told in order.</param>
    /// <param name="sequence">
    /// Its place among those of the subject, from 1 without gaps. The caller writes one after the other; the same place again is the same
    /// message.
    /// </param>
    /// <param name="type">What happened, such as <c>cashIn.codeIssued</c>.</param>
    /// <param name="at">When it happened; the same at every repetition.</param>
    /// <param name="data">How the subject stands; no personal data.</param>
    public async Task AddAsync(
        string subject, long sequence, string type, DateTimeOffset at, JsonNode data, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        ArgumentNullException.ThrowIfNull(data);
        var receivers = options.CurrentValue.Receivers;
        if (receivers.Count == 0)
            return;

        // What is told before the notice that it is due: a notice without its message would be taken away as done.
        // What is there was written by a try before this one, and stays.
        var message = OutboxMessage.Of(subject, sequence, type, at, data);
        _ = await tables.Outbox.TryAddAsync(message.Write(), cancellationToken);
        _ = await tables.Outbox.TryAddAsync(message.WriteLog(), cancellationToken);
        foreach (var endpoint in receivers.Keys)
        {
            var notice = new DueNotice(endpoint, subject, sequence, clock.GetUtcNow() + Head);
            _ = await tables.Outbox.TryAddAsync(notice.Write(), cancellationToken);
            bell.Ring(notice);
        }
    }
}
