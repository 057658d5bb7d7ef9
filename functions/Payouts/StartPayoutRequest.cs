using FluentValidation;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Payouts;

/// <summary>Body of <c>POST /api/payouts</c>: USDC from a wallet at OMS to a bank account, a debit card, or a store as cash.</summary>
public sealed record StartPayoutRequest
{
    /// <summary>Who pays.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The wallet the USDC is taken from.</summary>
    public string? WalletId { get; init; }

    /// <summary>
    /// The bank account or debit card as OMS knows it, such as <c>cpUsBank_…</c> or <c>pmCard_…</c>; Polygon sets them up
    /// (docs/oms-api.md 8.1). Or give <see cref="Location"/>.
    /// </summary>
    public string? ExternalAccountId { get; init; }

    /// <summary>The store that pays it out as cash, as the search for stores with <c>flow=CashOut</c> gave it.</summary>
    public StoreLocation? Location { get; init; }

    /// <summary>The rail; unless told, what fits: <c>ach</c>, <c>international_wire</c>, <c>card</c> or <c>cash</c>.</summary>
    public string? Network { get; init; }

    /// <summary>What leaves the wallet, in USDC; or give <see cref="Receive"/>.</summary>
    public decimal? Send { get; init; }

    /// <summary>What reaches the bank, in USD; or give <see cref="Send"/>.</summary>
    public decimal? Receive { get; init; }

    /// <summary>Whether the price is accepted without asking; <see langword="false"/> unless told.</summary>
    public bool AutoConfirm { get; init; }
}

/// <summary>Body of <c>POST /api/payouts/{id}/confirm</c>.</summary>
/// <param name="QuoteId">The quote that was shown: a confirmation is of this price and no other.</param>
public sealed record ConfirmPayoutRequest(string? QuoteId);

/// <summary>Checks the body of <c>POST /api/payouts/{id}/confirm</c>.</summary>
internal sealed class ConfirmPayoutValidator : AbstractValidator<ConfirmPayoutRequest>
{
    public ConfirmPayoutValidator()
        => RuleFor(request => request.QuoteId).Must(id => !string.IsNullOrEmpty(id))
            .WithMessage("is required: the id of the quote that is confirmed");
}

/// <summary>Checks the body of <c>POST /api/payouts</c>.</summary>
internal sealed class StartPayoutValidator : AbstractValidator<StartPayoutRequest>
{
    private const decimal MaxAmount = 1_000_000m;
    private const string PayableRule = "must be more than 0 and at most 1000000";

    public StartPayoutValidator()
    {
        RuleFor(request => request.CustomerId).Must(id => OmsId.IsOf(id, "cst_"))
            .WithMessage("is required: an OMS customer id, such as cst_…");
        RuleFor(request => request.WalletId).Must(id => OmsId.IsOf(id, "wlt_"))
            .WithMessage("is required: an OMS wallet id, such as wlt_…");
        RuleFor(request => request.ExternalAccountId).Must(IsPayable).When(request => request.Location is null)
            .WithMessage("is required unless location is given: an OMS bank account or debit card, such as cpUsBank_… or pmCard_…");
        RuleFor(request => request.ExternalAccountId).Null().When(request => request.Location is not null)
            .WithMessage("cannot be given together with location");
        RuleFor(request => request.Location!).SetValidator(new StoreLocationValidator()).When(request => request.Location is not null);
        RuleFor(request => request.Location).Must(location => location is null or { Id: not null })
            .WithMessage("must be a store: id and reference, as the search for stores gave them");
        RuleFor(request => request.Network)
            .Must((request, network) => network is null || PayoutNetworks.Of(request.ExternalAccountId).Contains(network))
            .WithMessage("must lead there: ach, wire, international_wire or usBank to a bank, card to a card, cash to a store");
        RuleFor(request => request.Send).NotNull().When(request => request.Receive is null)
            .WithMessage("is required unless receive is given");
        RuleFor(request => request.Send).Null().When(request => request.Receive is not null)
            .WithMessage("cannot be given together with receive");
        RuleFor(request => request.Send).Must(IsPayable).WithMessage(PayableRule).Must(amount => HasScale(amount, 6))
            .WithMessage("has more than six decimals");
        RuleFor(request => request.Receive).Must(IsPayable).WithMessage(PayableRule).Must(amount => HasScale(amount, 2))
            .WithMessage("has more than two decimals");
    }

    /// <summary>A saved address on a chain is no place to pay dollars to.</summary>
    private static bool IsPayable(string? accountId)
        => (OmsId.IsOf(accountId, "cp") || OmsId.IsOf(accountId, PayoutNetworks.CardPrefix)) && PayoutNetworks.Of(accountId).Count > 0;

    private static bool IsPayable(decimal? amount) => amount is null or (> 0m and <= MaxAmount);

    /// <summary>Zeros at the end do not count.</summary>
    private static bool HasScale(decimal? amount, int decimals) => amount is not { } value || decimal.Round(value, decimals) == value;
}
