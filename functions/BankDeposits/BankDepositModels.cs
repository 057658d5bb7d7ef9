namespace OmsWorkflows.BankDeposits;

/// <summary>What an event says about money from a bank: ids and a time.</summary>
/// <param name="TransactionId">The transaction, if the event names one.</param>
/// <param name="CustomerId">Whose money it is, if the event says so.</param>
/// <param name="Since">Since when the customer's transactions matter, when none is named.</param>
/// <param name="Converts">Whether a transaction is to be expected, when none is named: it is looked for until it is there.</param>
public sealed record DepositHint(string? TransactionId, string? CustomerId, DateTimeOffset Since, bool Converts);

/// <summary>What a look at a deposit found.</summary>
/// <param name="IsFinal">Whether it has ended, and the ledger knows how.</param>
public sealed record DepositLook(bool IsFinal);
