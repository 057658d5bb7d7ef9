namespace OmsWorkflows.Ledger;

/// <summary>
/// What the ledger lists and OMS has not listed yet, as a reconciliation goes from the newest to the oldest: what is booked is read up to
/// the time that OMS's list has come to. So much is in memory as is booked between a transaction's creation and its completion, and never
/// more than a limit.
/// </summary>
/// <param name="listed">The ledger's list, the newest first.</param>
/// <param name="confirm">Told of each that OMS does not list, or not as far as anybody could wait for it.</param>
internal sealed class BookedAndUnmatched(
    IAsyncEnumerator<(string TransactionId, DateTimeOffset SettledAt)> listed, Func<string, Task> confirm)
{
    private const int Most = 10_000;

    private readonly HashSet<string> _unmatched = new(StringComparer.Ordinal);
    private readonly RecentIds _awaited = new(Most);
    private readonly Queue<string> _order = new();
    private (string TransactionId, DateTimeOffset SettledAt)? _next;
    private bool _begun;

    /// <summary>Reads what was completed at a time or later.</summary>
    public async Task ReadToAsync(DateTimeOffset time)
    {
        if (!_begun)
            await ReadNextAsync();
        _begun = true;
        while (_next is { } next && next.SettledAt >= time)
        {
            if (!_awaited.Contains(next.TransactionId) && _unmatched.Add(next.TransactionId))
                _order.Enqueue(next.TransactionId);
            await ConfirmDownToAsync(Most);
            await ReadNextAsync();
        }
    }

    /// <summary>
    /// OMS lists a transaction: whether the ledger does too, as far as it was read. Should it come later, it is known to OMS.
    /// </summary>
    public bool Take(string transactionId)
    {
        if (_unmatched.Remove(transactionId))
            return true;
        _awaited.Add(transactionId);
        return false;
    }

    /// <summary>OMS's list has come to its end.</summary>
    public async Task EndAsync()
    {
        await ReadToAsync(DateTimeOffset.MinValue);
        await ConfirmDownToAsync(0);
    }

    private async Task ConfirmDownToAsync(int most)
    {
        while (_order.TryPeek(out var first) && (_unmatched.Count > most || !_unmatched.Contains(first)))
        {
            _order.Dequeue();
            if (_unmatched.Remove(first))
                await confirm(first);
        }
    }

    private async Task ReadNextAsync() => _next = await listed.MoveNextAsync() ? listed.Current : null;
}

/// <summary>Remembers the ids that came last: a page may begin with what the page before ended with.</summary>
/// <param name="most">So many.</param>
internal sealed class RecentIds(int most)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Whether the id is one of them.</summary>
    public bool Contains(string id) => _known.Contains(id);

    /// <summary>Whether the id is new.</summary>
    public bool Add(string id)
    {
        if (!_known.Add(id))
            return false;
        _order.Enqueue(id);
        if (_order.Count > most)
            _known.Remove(_order.Dequeue());
        return true;
    }
}
