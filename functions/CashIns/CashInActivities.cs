using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.CashIns;

/// <summary>
/// What a cash-in does outside: one effect at OMS per activity, each repeatable (docs/decisions/0003-idempotency-keys.md).
/// </summary>
public sealed class CashInActivities(
    OmsClient oms, Intakes intakes, CashInStores stores, Inbox inbox, SettlementLedger ledger, TimeProvider clock)
{
    /// <summary>
    /// For how long an idempotency key alone is relied on; OMS is assumed to keep keys for 24 hours (docs/oms-api.md 3.1).
    /// </summary>
    private static readonly TimeSpan TrustKeyFor = TimeSpan.FromHours(20);

    /// <summary>Makes the deposit code and starts to listen for the cash-in's events.</summary>
    [Function(nameof(CreateCashIn))]
    public Task<OmsAnswer<CashInSnapshot>> CreateCashIn([ActivityTrigger] CreateCashInRequest request, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<CashInSnapshot>(async () =>
        {
            ArgumentNullException.ThrowIfNull(request);
            var picked = await stores.PickAsync(request.InstanceId, request.IndicatedAmount, cancellationToken);
            if (picked.Value is not { } intake)
                return new(null, picked.Refusal, picked.Silence);

            var cashIn = await FindLostAsync(request, intake, cancellationToken)
                ?? await CreateAsync(request, intake, cancellationToken);
            var signals = await inbox.ListenAsync(cashIn.Id, request.InstanceId, cancellationToken);
            var snapshot = CashInSnapshot.Of(cashIn) with { Signals = signals, ReceivedAt = intake.ReceivedAt };
            await intakes.Index.FindByAsync(
                request.InstanceId,
                intake.ReceivedAt,
                [cashIn.Id, request.WalletId, snapshot.Deposit.Code],
                cancellationToken,
                [
                    InboxLists.KeptSince(cashIn.Id, intake.ReceivedAt),
                    InboxLists.KeptSince(request.CustomerId, intake.ReceivedAt),
                ]);
            return snapshot;
        });

    /// <summary>Gets a fresh code on the same cash-in.</summary>
    [Function(nameof(RefreshCashIn))]
    public Task<OmsAnswer<CashInSnapshot>> RefreshCashIn(
        [ActivityTrigger] RefreshCashInRequest request, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<CashInSnapshot>(async () =>
        {
            ArgumentNullException.ThrowIfNull(request);
            var key = $"{request.InstanceId}:ci-refresh-{request.Round}";
            var refreshed = CashInSnapshot.Of(await oms.RefreshCashInAsync(request.CashInId, key, cancellationToken));
            if (request.ReceivedAt is { } receivedAt)
                await intakes.Index.FindByAsync(request.InstanceId, receivedAt, [refreshed.Deposit.Code], cancellationToken);
            return refreshed;
        });

    /// <summary>
    /// Reads the cash-in and, once cash was taken, its transaction. When both are completed, and the money is what was asked for, it books
    /// the money and closes the journey (docs/decisions/0008-money-is-booked-once.md).
    /// </summary>
    [Function(nameof(BookAndCloseIfSettled))]
    public Task<OmsAnswer<CashInSnapshot>> BookAndCloseIfSettled(
        [ActivityTrigger] CashInOfJourney request, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<CashInSnapshot>(async () =>
        {
            ArgumentNullException.ThrowIfNull(request);
            var cashIn = await oms.GetCashInAsync(request.CashInId, cancellationToken);
            var snapshot = CashInSnapshot.Of(cashIn);
            if (cashIn.TransactionId is not { } transactionId)
                return snapshot;

            var transaction = await oms.GetTransactionAsync(transactionId, cancellationToken);
            snapshot = snapshot with { Transaction = transaction.Status };
            if (cashIn.Status != CashInStatus.Completed || transaction.Status != TransactionStatus.Completed)
            {
                if (request.ReceivedAt is { } receivedAt)
                    await intakes.Index.FindByAsync(request.InstanceId, receivedAt, [transactionId], cancellationToken);
                return snapshot;
            }

            if (MoneyComparison.Of(cashIn, transaction, request.CustomerId, request.WalletId) is { Count: > 0 } differences)
                return snapshot with { Differences = differences };
            if (await BookAsync(request, cashIn, transaction, cancellationToken) is not { } booked)
                return snapshot with { BookedElsewhere = true };

            await CloseAsync(request, booked, cancellationToken);
            return snapshot with { Booked = booked, Closed = true };
        });

    /// <summary>
    /// Nothing can follow a booking, so the journey is closed along with it: an activity less for every cash-in that works. Its listeners
    /// stay: what OMS still tells of this cash-in is known to be of a journey that is over, and settled.
    /// </summary>
    private async Task CloseAsync(CashInOfJourney request, Settlement booked, CancellationToken cancellationToken)
    {
        var receivedAt = request.ReceivedAt
            ?? (await intakes.ForgetPersonAsync(request.InstanceId, cancellationToken)).ReceivedAt;
        await intakes.Index.EndAsync(
            request.InstanceId,
            CashInWorkflow.Name,
            receivedAt,
            JourneyPhase.Completed,
            [],
            cancellationToken,
            SettlementLists.RowsOf(booked));
    }

    /// <summary>Books the money; null when it is in the ledger for somebody else.</summary>
    private async Task<Settlement?> BookAsync(
        CashInOfJourney request, CashIn cashIn, Transaction transaction, CancellationToken cancellationToken)
    {
        var settled = transaction.ToSettlement()
            ?? throw new InvalidOperationException($"Transaction {transaction.Id} is completed but has no destination.amountNet.");
        var settlement = settled with { CashInId = request.CashInId, CustomerId = request.CustomerId, InstanceId = request.InstanceId };
        try
        {
            await ledger.BookAsync(settlement, OmsStatement.Of(transaction, cashIn), isFiledByCaller: true, cancellationToken);
            return settlement;
        }
        catch (SettlementConflictException e)
        {
            return e.Existing.Settlement.InstanceId == request.InstanceId ? e.Existing.Settlement : null;
        }
    }

    /// <summary>Makes the cash-in; a reference of the store that has aged is looked up again, and then it is another request.</summary>
    private async Task<CashIn> CreateAsync(CreateCashInRequest request, Intake intake, CancellationToken cancellationToken)
    {
        try
        {
            return await oms.CreateCashInAsync(ToRequest(request, intake), Key(request, intake), cancellationToken);
        }
        catch (OmsRefusedException e) when (e.IsAboutTheStore && intake.LocationPlace is not null)
        {
            if (await stores.LookUpAgainAsync(intake, intake.LocationPlace, cancellationToken) is not { } fresh)
                throw;
            return await oms.CreateCashInAsync(ToRequest(request, fresh), Key(request, fresh), cancellationToken);
        }
    }

    private static string Key(CreateCashInRequest request, Intake intake)
        => intake.LocationRound == 0 ? $"{request.InstanceId}:ci" : $"{request.InstanceId}:ci-store-{intake.LocationRound}";

    /// <summary>After the time a key is relied on, a cash-in whose answer was lost is looked for before a second one is made.</summary>
    private async Task<CashIn?> FindLostAsync(CreateCashInRequest request, Intake intake, CancellationToken cancellationToken)
    {
        if (intake.CashInRequestedAt is not { } requestedAt || clock.GetUtcNow() - requestedAt < TrustKeyFor)
            return null;

        var query = new CashInQuery { CustomerId = request.CustomerId, CreatedAfter = requestedAt - TimeSpan.FromHours(1), Limit = 100 };
        await foreach (var cashIn in oms.ReadCashInsAsync(query, cancellationToken))
        {
            if (JourneyId.IsMadeBy(request.InstanceId, cashIn.Metadata))
                return cashIn;
        }

        return null;
    }

    private static CashInRequest ToRequest(CreateCashInRequest request, Intake intake) => new()
    {
        CustomerId = request.CustomerId,
        Source = new CashInSource { IndicatedAmount = request.IndicatedAmount },
        Destination = new CashInDestination { Wallet = new WalletTarget { Id = request.WalletId } },
        Cash = new CashPlace { LocationId = intake.LocationId, LocationReference = intake.LocationReference },
        Metadata = JourneyId.ToMetadata(request.InstanceId),
    };
}
