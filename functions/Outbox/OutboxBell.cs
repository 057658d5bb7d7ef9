using System.Threading.Channels;

namespace OmsWorkflows.Outbox;

/// <summary>
/// Wakes who sends, in this process, at the moment something is written. It may forget: what is due is found by the timer as well.
/// </summary>
public sealed class OutboxBell
{
    private readonly Channel<DueNotice> _rung = Channel.CreateBounded<DueNotice>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });

    internal void Ring(DueNotice notice) => _rung.Writer.TryWrite(notice);

    internal IAsyncEnumerable<DueNotice> ListenAsync(CancellationToken cancellationToken) => _rung.Reader.ReadAllAsync(cancellationToken);
}
