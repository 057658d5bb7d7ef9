using FluentValidation;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.CashIns;

/// <summary>
/// Body of <c>POST /api/cash-ins</c>: a new applicant, or a customer (and wallet) that exist; and a store, by id or by place.
/// </summary>
public sealed record StartCashInRequest
{
    /// <summary>The person, if new to OMS.</summary>
    public Applicant? Applicant { get; init; }

    /// <summary>The customer, if OMS knows the person.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The customer's wallet; left out to use or provision the one for USDC on Polygon.</summary>
    public string? WalletId { get; init; }

    /// <summary>The store.</summary>
    public StoreLocation? Location { get; init; }

    /// <summary>What the person means to pay in, in USD; only for the estimate.</summary>
    public decimal? IndicatedAmount { get; init; }
}

/// <summary>Checks the body of <c>POST /api/cash-ins</c>.</summary>
internal sealed class StartCashInValidator : AbstractValidator<StartCashInRequest>
{
    /// <summary>
    /// One deposit, in USD, at a store whose own limits were not given; the upper one is the highest any store has (docs/oms-api.md 7.4).
    /// OMS has the last word.
    /// </summary>
    private const decimal MinAmount = 20m;
    private const decimal MaxAmount = 1_000m;

    public StartCashInValidator(TimeProvider clock)
    {
        RuleFor(request => request.Applicant).NotNull().When(request => request.CustomerId is null)
            .WithMessage("is required unless customerId is given");
        RuleFor(request => request.Applicant).Null().When(request => request.CustomerId is not null)
            .WithMessage("cannot be given together with customerId");
        RuleFor(request => request.Applicant!).SetValidator(new ApplicantValidator(clock)).When(request => request.Applicant is not null);
        RuleFor(request => request.CustomerId).Must(id => OmsId.IsOf(id, "cst_")).When(request => request.CustomerId is not null)
            .WithMessage("must be an OMS customer id, such as cst_…");
        RuleFor(request => request.WalletId).Must(id => OmsId.IsOf(id, "wlt_")).When(request => request.WalletId is not null)
            .WithMessage("must be an OMS wallet id, such as wlt_…");
        RuleFor(request => request.WalletId).Null().When(request => request.CustomerId is null)
            .WithMessage("can only be given together with customerId");
        RuleFor(request => request.IndicatedAmount).InclusiveBetween(MinAmount, MaxAmount)
            .When(request => request.Location?.Limits is null).WithMessage("must be between 20 and 1000 USD");
        RuleFor(request => request.IndicatedAmount).Must((request, amount) => IsTaken(amount, request.Location?.Limits))
            .WithMessage("must be within the limits of the store, which location.limits says");
        RuleFor(request => request.IndicatedAmount)
            .Must(amount => amount is not { } value || decimal.Round(value, 2) == value).WithMessage("has more than two decimals");
        RuleFor(request => request.Location).NotNull().WithMessage("is required: id and reference, or provider, latitude and longitude");
        RuleFor(request => request.Location!).SetValidator(new StoreLocationValidator()).When(request => request.Location is not null);
    }

    private static bool IsTaken(decimal? amount, StoreLimits? limits)
        => amount is not { } value || limits is null || (value > 0m && new DepositLimits(limits.Minimum, limits.Maximum).Allow(value));
}
