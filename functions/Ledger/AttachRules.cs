using Microsoft.AspNetCore.Http;
using OmsWorkflows.Http;

namespace OmsWorkflows.Ledger;

/// <summary>To which journey a settlement can be credited by hand: never to another customer's, nor against what it says.</summary>
internal static class AttachRules
{
    /// <summary>Why not; null when it can be.</summary>
    public static IResult? Refuse(Settlement settlement, JourneyFacts journey)
    {
        if (settlement.CustomerId.Length > 0 && journey.CustomerId != settlement.CustomerId)
        {
            return Problems.Conflict(
                "other-customer",
                "The journey is not of the settlement's customer",
                "Name a journey of the same customer, or mark the settlement as handled once the money is where it belongs.");
        }

        if (settlement.CashInId.Length > 0 && journey.CashInId != settlement.CashInId && !journey.HistoryGone)
        {
            return Problems.Conflict(
                "other-cash-in",
                "The journey is not of the settlement's cash-in",
                "Find the journey by the cash-in's id: GET /api/journeys?find=. If there is none, mark the settlement as handled.");
        }

        if (journey is { Ended: true, BookedTransactionId: { } booked } && booked != settlement.TransactionId)
        {
            return Problems.Conflict(
                "journey-has-its-money",
                "The journey ended with the money of another transaction",
                "A journey books one transaction. Mark the settlement as handled once the money is where it belongs.");
        }

        return null;
    }
}
