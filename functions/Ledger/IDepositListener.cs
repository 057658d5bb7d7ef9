namespace OmsWorkflows.Ledger;

/// <summary>
/// Who wants to hear of bank deposits: register any number. Each is told of every booking and every return at least once, after the ledger
/// holds it, in a process that may die and tell again: recognise a repetition by the transaction's id and the state.
/// </summary>
public interface IDepositListener
{
    /// <summary>
    /// Tells of a deposit that is <see cref="SettlementState.Booked"/> or <see cref="SettlementState.Returned"/>, in this order;
    /// <see cref="SettlementRecord.Announcements"/> counts them from 1.
    /// </summary>
    /// <remarks>What it throws makes the announcement fail; it is made again later, to all.</remarks>
    Task HearAsync(SettlementRecord deposit, CancellationToken cancellationToken);
}
