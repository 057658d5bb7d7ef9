using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Operations;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.CashIns;

/// <summary>What a cash-in does outside: one effect at OMS per activity, each repeatable (DESIGN 4.3).</summary>
public sealed class CashInActivities(OmsClient oms, Intakes intakes, Inbox inbox, SettlementLedger ledger, TimeProvider clock)
{
    /// <summary>For how long an idempotency key alone is relied on; OMS is assumed to keep keys for 24 hours (OMS API 3.1).</summary>
    private static readonly TimeSpan TrustKeyFor = TimeSpan.FromHours(20);

    /// <summary>Makes the deposit code and starts to listen for the cash-in's events.</summary>
    /// <param name="request">Whose, and where the USDC goes.</param>
    /// <param name="cancellationToken">Cancelled when the app stops.</param>
    [Function(nameof(CreateCashIn))]
    public async Task<CashInResult> CreateCashIn([ActivityTrigger] CreateCashInRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var intake = await PickLocationAsync(request.InstanceId, cancellationToken);
            if (intake.LocationId is null)
                return new(null, new Refusal("no_location", 404, ["location"], null));

            var cashIn = await FindLostAsync(request, intake, cancellationToken)
                ?? await oms.CreateCashInAsync(ToRequest(request, intake), $"{request.InstanceId}:ci", cancellationToken);
            var signals = await inbox.ListenAsync(cashIn.Id, request.InstanceId, cancellationToken);
            return new(CashInSnapshot.Of(cashIn) with { Signals = signals });
        }
        catch (OmsException e) when (Refusal.TryFrom(e, out var refusal))
        {
            return new(null, refusal);
        }
    }

    /// <summary>Gets a fresh code on the same cash-in.</summary>
    /// <param name="request">Which cash-in, which round.</param>
    /// <param name="cancellationToken">Cancelled when the app stops.</param>
    [Function(nameof(RefreshCashIn))]
    public async Task<CashInResult> RefreshCashIn([ActivityTrigger] RefreshCashInRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return new(CashInSnapshot.Of(await oms.RefreshCashInAsync(request.CashInId, $"{request.InstanceId}:ci-refresh-{request.Round}", cancellationToken)));
        }
        catch (OmsException e) when (Refusal.TryFrom(e, out var refusal))
        {
            return new(null, refusal);
        }
    }

    /// <summary>Reads the cash-in and, once cash was taken, its transaction; books the money and closes the journey when both are completed (DESIGN 4.6).</summary>
    /// <param name="request">Which cash-in.</param>
    /// <param name="cancellationToken">Cancelled when the app stops.</param>
    [Function(nameof(CheckCashIn))]
    public async Task<CashInSnapshot> CheckCashIn([ActivityTrigger] CheckCashInRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var cashIn = await oms.GetCashInAsync(request.CashInId, cancellationToken);
        var snapshot = CashInSnapshot.Of(cashIn);
        if (cashIn.TransactionId is not { } transactionId)
            return snapshot;

        var transaction = await oms.GetTransactionAsync(transactionId, cancellationToken);
        snapshot = snapshot with { Transaction = transaction.Status };
        if (cashIn.Status != CashInStatus.Completed || transaction.Status != TransactionStatus.Completed)
            return snapshot;

        var settled = transaction.ToSettlement() ?? throw new InvalidOperationException($"Transaction {transaction.Id} is completed but has no destination.amountNet.");
        var settlement = settled with { CashInId = request.CashInId, CustomerId = request.CustomerId, InstanceId = request.InstanceId };
        try
        {
            await ledger.BookAsync(settlement, cancellationToken);
            return await CloseAsync(request, snapshot with { Booked = settlement }, cancellationToken);
        }
        catch (SettlementConflictException e)
        {
            return e.Existing.Settlement.InstanceId == request.InstanceId
                ? await CloseAsync(request, snapshot with { Booked = e.Existing.Settlement }, cancellationToken)
                : snapshot with { BookedElsewhere = true };
        }
    }

    /// <summary>Nothing can follow a booking, so the journey is closed along with it: an activity less for every cash-in that works (DESIGN 9).</summary>
    private async Task<CashInSnapshot> CloseAsync(CheckCashInRequest request, CashInSnapshot booked, CancellationToken cancellationToken)
    {
        await inbox.StopListeningAsync(request.InstanceId, [request.CashInId, request.CustomerId], cancellationToken);
        await intakes.ForgetPersonAsync(request.InstanceId, cancellationToken);
        return booked;
    }

    /// <summary>Picks the nearest store when none was given, and remembers it before it is used: a retry has to send the same bytes.</summary>
    private async Task<Intake> PickLocationAsync(string instanceId, CancellationToken cancellationToken)
    {
        var intake = await intakes.GetAsync(instanceId, cancellationToken);
        CashLocation? nearest = null;
        if (intake.LocationId is null && intake.Near?.Reveal() is { } near)
        {
            var found = await oms.ListCashLocationsAsync(new CashLocationQuery(near.Provider, near.Latitude, near.Longitude) { Limit = 10 }, cancellationToken);
            nearest = found.OrderBy(location => location.Distance ?? decimal.MaxValue).FirstOrDefault();
            if (nearest is null)
                return intake;
        }

        return await intakes.UpdateAsync(
            instanceId,
            row => row with
            {
                LocationId = row.LocationId ?? nearest?.Id,
                LocationReference = row.LocationReference ?? nearest?.LocationReference,
                Near = null,
                CashInRequestedAt = row.CashInRequestedAt ?? clock.GetUtcNow(),
            },
            cancellationToken);
    }

    /// <summary>After the time a key is relied on, a cash-in whose answer was lost is looked for before a second one is made.</summary>
    private async Task<CashIn?> FindLostAsync(CreateCashInRequest request, Intake intake, CancellationToken cancellationToken)
    {
        if (intake.CashInRequestedAt is not { } requestedAt || clock.GetUtcNow() - requestedAt < TrustKeyFor)
            return null;

        var query = new CashInQuery { CustomerId = request.CustomerId, CreatedAfter = requestedAt - TimeSpan.FromHours(1), Limit = 100 };
        while (true)
        {
            var page = await oms.ListCashInsAsync(query, cancellationToken);
            if (page.Data.FirstOrDefault(cashIn => JourneyId.Made(request.InstanceId, cashIn.Metadata)) is { } found)
                return found;
            if (!page.HasMore)
                return null;
            query = query with { StartingAfter = page.NextCursor };
        }
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
