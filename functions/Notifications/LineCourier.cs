using Microsoft.Extensions.Options;
using OmsWorkflows.Outbox;

namespace OmsWorkflows.Notifications;

/// <summary>
/// Tells an endpoint what it was not told of one subject yet, in order: the next message goes out once the one before was taken or became a
/// dead letter (docs/decisions/0013-notifications.md).
/// </summary>
public sealed class LineCourier(
    Lines lines,
    DueNotices due,
    NotificationDeadLetters letters,
    NotificationClient client,
    IOptionsMonitor<NotificationOptions> options,
    TimeProvider clock)
{
    /// <summary>What a call of the tables may take beside the time a receiver has.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    /// <summary>Goes on with a line, and takes away the notices that led here once they have served.</summary>
    /// <param name="notices">The notices that led here.</param>
    /// <param name="eager">Whether a pause before the next try is ended: the endpoint was down and has come back.</param>
    internal async Task RunAsync(
        string endpoint, string subject, IReadOnlyList<DueNotice> notices, bool eager, CancellationToken cancellationToken)
    {
        var line = await lines.FindAsync(endpoint, subject, cancellationToken);
        if (line.HeldUntil > clock.GetUtcNow())
            return;
        if (line.NextTryAt is { } nextTryAt && nextTryAt > clock.GetUtcNow() && !eager)
        {
            // The try to come has a notice of its own, and brings along whatever was written since.
            await due.RemoveAsync(notices.Where(notice => notice.DueAt != nextTryAt), cancellationToken);
            return;
        }

        if (await lines.SaveAsync(Hold(line), cancellationToken) is not { } held)
            return;
        await TellAsync(held, notices, cancellationToken);
    }

    private async Task TellAsync(Line held, IReadOnlyList<DueNotice> notices, CancellationToken cancellationToken)
    {
        Line? line = held;
        while (await lines.UntoldAsync(line, cancellationToken) is { Count: > 0 } untold)
        {
            foreach (var message in untold)
            {
                var answer = await client.TellAsync(line.Endpoint, message, cancellationToken);
                if (answer.Result == NotificationResult.Held)
                {
                    await lines.SaveAsync(line with { HeldUntil = null }, cancellationToken);
                    return;
                }

                if (answer.Result == NotificationResult.Refused && !await IsGivenUpAsync(line, message, answer.Cause, cancellationToken))
                {
                    await PauseAsync(line, message, notices, cancellationToken);
                    return;
                }

                line = await lines.SaveAsync(
                    Hold(line) with { Done = message.Sequence, Tries = 0, NextTryAt = null }, cancellationToken);
                if (line is null)
                    return;
            }
        }

        if (await lines.SaveAsync(line with { HeldUntil = null, NextTryAt = null }, cancellationToken) is not null)
            await due.RemoveAsync(notices, cancellationToken);
    }

    private async Task<bool> IsGivenUpAsync(Line line, OutboxMessage message, string? cause, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() < message.At + options.CurrentValue.RetryFor)
            return false;
        await letters.PutAsync(line.Endpoint, message, line.Tries + 1, cause, cancellationToken);
        return true;
    }

    /// <summary>
    /// The notice of the next try before the line that refers to it, and only then the old ones away: there is always one.
    /// </summary>
    private async Task PauseAsync(
        Line line, OutboxMessage message, IReadOnlyList<DueNotice> notices, CancellationToken cancellationToken)
    {
        var tries = line.Tries + 1;
        var next = new DueNotice(
            line.Endpoint, line.Subject, message.Sequence, clock.GetUtcNow() + NotificationPauses.After(tries));
        await due.PutAsync(next, cancellationToken);
        if (await lines.SaveAsync(line with { Tries = tries, NextTryAt = next.DueAt, HeldUntil = null }, cancellationToken) is null)
            return;
        await due.RemoveAsync(notices.Where(notice => notice != next), cancellationToken);
    }

    private Line Hold(Line line) => line with { HeldUntil = clock.GetUtcNow() + options.CurrentValue.Timeout + Slack };
}
