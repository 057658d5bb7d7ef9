using Microsoft.Extensions.Options;
using OmsWorkflows.Outbox;

namespace OmsWorkflows.Notifications;

/// <summary>
/// Tells an endpoint once more what a person asked to be told again, whatever was told since. Those of one subject go in order until one is
/// not taken; then the rest waits with it.
/// </summary>
public sealed class AgainCourier(
    Lines lines,
    DueNotices due,
    NotificationDeadLetters letters,
    NotificationClient client,
    IOptionsMonitor<NotificationOptions> options,
    TimeProvider clock)
{
    /// <param name="notices">All of one endpoint and one subject.</param>
    internal async Task RunAsync(IReadOnlyList<DueNotice> notices, CancellationToken cancellationToken)
    {
        for (var index = 0; index < notices.Count; index++)
        {
            var notice = notices[index];
            if (await lines.FindMessageAsync(notice.Subject, notice.Sequence, cancellationToken) is not { } message)
            {
                // What is not kept any more cannot be told, and is no dead letter either.
                await letters.RemoveAsync(notice.Endpoint, notice.Subject, notice.Sequence, cancellationToken);
                await due.RemoveAsync([notice], cancellationToken);
                continue;
            }

            var answer = await client.TellAsync(notice.Endpoint, message, cancellationToken);
            if (answer.Result == NotificationResult.Held)
                return;
            if (answer.Result == NotificationResult.Taken)
            {
                await letters.RemoveAsync(notice.Endpoint, notice.Subject, notice.Sequence, cancellationToken);
                await due.RemoveAsync([notice], cancellationToken);
            }
            else if (clock.GetUtcNow() >= notice.Since + options.CurrentValue.RetryFor)
            {
                await letters.PutAsync(notice.Endpoint, message, notice.Tries + 1, answer.Cause, cancellationToken);
                await due.RemoveAsync([notice], cancellationToken);
            }
            else
            {
                await PutOffAsync(notices.Skip(index), notice.Tries + 1, cancellationToken);
                return;
            }
        }
    }

    private async Task PutOffAsync(IEnumerable<DueNotice> rest, int tries, CancellationToken cancellationToken)
    {
        var next = clock.GetUtcNow() + NotificationPauses.After(tries);
        foreach (var notice in rest)
        {
            await due.PutAsync(notice with { DueAt = next, Tries = tries }, cancellationToken);
            await due.RemoveAsync([notice], cancellationToken);
        }
    }
}
