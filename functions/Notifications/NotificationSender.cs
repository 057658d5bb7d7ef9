using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Outbox;

namespace OmsWorkflows.Notifications;

/// <summary>
/// Sends what is due, endpoint by endpoint: a slow one is left to itself, and the others go on. It reads what is due and nothing else.
/// </summary>
public sealed class NotificationSender(
    DueNotices due,
    LineCourier lines,
    AgainCourier again,
    Circuits circuits,
    IOptionsMonitor<NotificationOptions> options,
    TimeProvider clock,
    ILogger<NotificationSender> logger)
{
    private const int PageSize = 100;
    private const int SubjectsAtOnce = 4;

    /// <summary>A pass takes no more subjects after this; the next one goes on.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(45);

    /// <summary>Past the longest pause there is nothing.</summary>
    private static readonly TimeSpan Everything = NotificationPauses.Longest + TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Task> _passes = new(StringComparer.Ordinal);

    /// <summary>
    /// Begins a pass at every endpoint that has none, and waits for all that come to their end within <paramref name="patience"/>. One that
    /// takes longer goes on by itself.
    /// </summary>
    internal async Task PassAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        foreach (var endpoint in options.CurrentValue.Receivers.Keys)
        {
            if (_passes.TryGetValue(endpoint, out var last) && !last.IsCompleted)
                continue;
            _passes[endpoint] = PassAsync(endpoint, CancellationToken.None);
        }

        var all = Task.WhenAll(_passes.Values);
        await Task.WhenAny(all, Task.Delay(patience, clock, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Sends what is due at one endpoint.</summary>
    internal async Task PassAsync(string endpoint, CancellationToken cancellationToken)
    {
        try
        {
            var circuit = circuits.Of(endpoint);
            var eager = circuit.HasRecovered();
            var now = clock.GetUtcNow();
            await foreach (var page in due.ListAsync(endpoint, eager ? now + Everything : now, PageSize, cancellationToken))
            {
                var subjects = page.GroupBy(notice => notice.Subject);
                await Parallel.ForEachAsync(
                    subjects,
                    new ParallelOptions { MaxDegreeOfParallelism = SubjectsAtOnce, CancellationToken = cancellationToken },
                    async (notices, token) =>
                    {
                        if (!circuit.IsOpen)
                            await TellAsync(endpoint, notices.Key, [.. notices], eager, token);
                    });
                if (circuit.IsOpen || clock.GetUtcNow() - now > Longest)
                    return;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Tables that do not answer: what is due stays, and the next pass looks again.
            logger.PassFailed(endpoint, e);
        }
    }

    /// <summary>Goes on with one subject; what goes wrong is left to the next pass.</summary>
    internal async Task TellAsync(
        string endpoint, string subject, IReadOnlyList<DueNotice> notices, bool eager, CancellationToken cancellationToken)
    {
        try
        {
            if (notices.Where(notice => !notice.Again).ToList() is { Count: > 0 } next)
                await lines.RunAsync(endpoint, subject, next, eager, cancellationToken);
            if (notices.Where(notice => notice.Again).OrderBy(notice => notice.Sequence).ToList() is { Count: > 0 } repeated)
                await again.RunAsync(repeated, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.TellingFailed(subject, endpoint, e);
        }
    }
}
