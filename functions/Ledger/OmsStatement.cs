using System.Text.Json;
using System.Text.Json.Serialization;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>
/// What OMS said when money was written down, as JSON: ids, states, amounts and times, so that a booking can be judged later without asking
/// OMS again (docs/decisions/0008-money-is-booked-once.md). Nothing personal.
/// </summary>
internal static class OmsStatement
{
    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Of(Transaction transaction, CashIn? cashIn = null) => JsonSerializer.Serialize(
        new
        {
            transaction = new
            {
                id = transaction.Id,
                type = transaction.Type,
                status = transaction.StatusText,
                cashInId = transaction.CashInId,
                virtualAccountId = transaction.VirtualAccountId,
                paymentRail = transaction.PaymentRail,
                error = transaction.Error?.Code,
                senderCustomerId = transaction.SenderCustomerId,
                recipientCustomerId = transaction.RecipientCustomerId,
                sourceAsset = transaction.Source?.Asset,
                sourceNetwork = transaction.Source?.Network,
                sourceAmount = transaction.Source?.Amount,
                sourceAmountGross = transaction.Source?.AmountGross,
                sourceFees = transaction.Source?.FeesDeducted?.Total,
                destinationAsset = transaction.Destination?.Asset,
                destinationNetwork = transaction.Destination?.Network,
                destinationWalletId = transaction.Destination?.Wallet?.Id,
                destinationAmountNet = transaction.Destination?.AmountNet,
                destinationFees = transaction.Destination?.FeesDeducted?.Total,
                createdAt = transaction.CreatedAt,
                updatedAt = transaction.UpdatedAt,
                completedAt = transaction.CompletedAt,
            },
            cashIn = cashIn is null ? null : new
            {
                id = cashIn.Id,
                status = cashIn.Status.ToString(),
                transactionId = cashIn.TransactionId,
                customerId = cashIn.CustomerId,
                sourceAmount = cashIn.Source?.Amount,
                sourceAmountGross = cashIn.Source?.AmountGross,
            },
        },
        Options);
}
