using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.Outbox;

namespace OmsWorkflows.Notifications;

/// <summary>
/// Tries what was just written, at once and beside everything else: no journey waits for a receiver. Each endpoint has a few hands of its
/// own, and one subject is always in the same hand, so that its messages do not meet themselves.
/// </summary>
internal sealed class NotificationsAtOnce(OutboxBell bell, NotificationSender sender) : BackgroundService
{
    private const int Hands = 4;
    private const int MostWaiting = 1_000;

    private readonly ConcurrentDictionary<(string Endpoint, int Hand), Channel<DueNotice>> _waiting = new();
    private readonly ConcurrentBag<Task> _hands = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var notice in bell.ListenAsync(stoppingToken))
        {
            var hand = (int)((uint)StringComparer.Ordinal.GetHashCode(notice.Subject) % Hands);
            _waiting.GetOrAdd((notice.Endpoint, hand), _ => NewHand(stoppingToken)).Writer.TryWrite(notice);
        }
    }

    private Channel<DueNotice> NewHand(CancellationToken stoppingToken)
    {
        var channel = Channel.CreateBounded<DueNotice>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
        _hands.Add(WorkAsync(channel.Reader, stoppingToken));
        return channel;
    }

    private async Task WorkAsync(ChannelReader<DueNotice> waiting, CancellationToken stoppingToken)
    {
        await foreach (var notice in waiting.ReadAllAsync(stoppingToken))
            await sender.TellAsync(notice.Endpoint, notice.Subject, [notice], eager: false, stoppingToken);
    }
}
