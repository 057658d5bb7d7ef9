namespace OmsWorkflows.Local.Sandbox.Money;

/// <summary>
/// One settlement: USDC that OMS delivered for cash or for a bank transfer, or with negative amounts what a bank took back. What an app has
/// credited must add up to the same sums.
/// </summary>
internal sealed record LedgerEntry(
    string TransactionId,
    string? CashInId,
    string? VirtualAccountId,
    string CustomerId,
    decimal Gross,
    decimal Fees,
    decimal Net,
    string Asset,
    string Network,
    string TxHash,
    DateTimeOffset SettledAt);
