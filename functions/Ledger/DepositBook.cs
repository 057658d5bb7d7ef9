using System.Net;
using Microsoft.Extensions.Options;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>
/// Money that came from a bank, which no journey waits for: makes the ledger say what OMS says of it. Any number of looks, in any order, at
/// the same time, lead to the same: one row, credited to the customer while OMS has it completed, returned once it has failed
/// (docs/decisions/0012-bank-deposits-without-a-journey.md).
/// </summary>
public sealed class DepositBook(
    OmsClient oms, SettlementLedger ledger, IEnumerable<IDepositListener> listeners, IOptionsMonitor<OmsOptions> options)
{
    /// <summary>Looks at one transaction of OMS, which was read just now.</summary>
    /// <returns>Whether it is final, and the ledger and all listeners know how it ended.</returns>
    /// <exception cref="OmsNoAnswerException">OMS does not say what it has to be compared with.</exception>
    internal async Task<bool> LookAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (transaction.Status is not (TransactionStatus.Completed or TransactionStatus.Failed))
            return false;
        var known = await ledger.FindAsync(transaction.Id, cancellationToken);
        if (Agrees(known, transaction.Status))
            return true;
        var failed = transaction.Status == TransactionStatus.Failed;
        if ((transaction.ToSettlement() ?? (failed ? known?.Settlement : null)) is not { } deposit)
            return failed;

        var said = OmsStatement.Of(transaction);
        var record = failed
            ? await ledger.ReturnDepositAsync(deposit, transaction.Error?.Code, cancellationToken, said)
            : await CreditAsync(transaction, deposit, known, said, cancellationToken);
        if (record is not null)
            await AnnounceAsync(record, cancellationToken);
        return true;
    }

    /// <summary>Whether there is nothing to do: neither to write down nor to tell.</summary>
    private static bool Agrees(SettlementRecord? known, TransactionStatus status) => known switch
    {
        null => false,
        { State: SettlementState.Returned } => status != TransactionStatus.Failed || known.Announced == SettlementState.Returned,
        { State: SettlementState.Booked } => status == TransactionStatus.Completed && known.Announced == SettlementState.Booked,
        { State: SettlementState.Unclaimed } => false,
        _ => status == TransactionStatus.Completed,
    };

    /// <summary>Books it to its customer; null when it does not fit, and is kept as unclaimed for a person.</summary>
    private async Task<SettlementRecord?> CreditAsync(
        Transaction transaction, Settlement deposit, SettlementRecord? known, string said, CancellationToken cancellationToken)
    {
        if (known is { State: SettlementState.Booked })
            return known;
        if (deposit.CustomerId.Length == 0)
        {
            await ledger.KeepDepositAsync(deposit, UnclaimedReason.NoCustomer, cancellationToken, said);
            return null;
        }

        if ((await CompareAsync(transaction, deposit.CustomerId, cancellationToken)).Count == 0)
            return await ledger.BookDepositAsync(deposit, cancellationToken, said);
        await ledger.KeepDepositAsync(deposit, UnclaimedReason.MoneyDiffers, cancellationToken, said);
        return null;
    }

    private async Task<IReadOnlyList<string>> CompareAsync(Transaction transaction, string customerId, CancellationToken cancellationToken)
    {
        var account = options.CurrentValue.VirtualAccounts && transaction.VirtualAccountId is { } accountId
            ? await ShownAsync(() => oms.GetVirtualAccountAsync(accountId, cancellationToken))
            : null;
        var wallets = await ShownAsync(() => oms.ListWalletsAsync(customerId, cancellationToken));
        return MoneyComparison.OfDeposit(transaction, customerId, wallets ?? [], account);
    }

    /// <summary>Null when OMS refuses to show it, or does not know it.</summary>
    private static async Task<T?> ShownAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (OmsRefusedException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            return null;
        }
    }

    private async Task AnnounceAsync(SettlementRecord record, CancellationToken cancellationToken)
    {
        if (record.State is not (SettlementState.Booked or SettlementState.Returned) || record.Announced == record.State)
            return;
        // The process may have died between a booking and its announcement; they are heard in order.
        if (record is { State: SettlementState.Returned, Announcements: 2, Announced: null })
            await TellAsync(
                record with { State = SettlementState.Booked, Announcements = 1, ReturnedAt = null, ReturnCode = null }, cancellationToken);
        await TellAsync(record, cancellationToken);
        await ledger.NoteAnnouncedAsync(record, cancellationToken);
    }

    private async Task TellAsync(SettlementRecord record, CancellationToken cancellationToken)
    {
        foreach (var listener in listeners)
            await listener.HearAsync(record, cancellationToken);
    }
}
