using FluentValidation;
using OmsWorkflows.Journeys;
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
    public StartCashInLocation? Location { get; init; }

    /// <summary>What the person means to pay in, in USD; only for the estimate.</summary>
    public decimal? IndicatedAmount { get; init; }
}

/// <summary>A store: either id and reference from a search at OMS, or a place to find the nearest one to.</summary>
public sealed record StartCashInLocation
{
    /// <summary>OMS's id of the store.</summary>
    public string? Id { get; init; }

    /// <summary>OMS's reference of the store.</summary>
    public string? Reference { get; init; }

    /// <summary>The cash network, such as <c>greendot</c>.</summary>
    public string? Provider { get; init; }

    /// <summary>Degrees north.</summary>
    public decimal? Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    public decimal? Longitude { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(StartCashInLocation);
}

/// <summary>Checks the body of <c>POST /api/cash-ins</c>.</summary>
internal sealed class StartCashInValidator : AbstractValidator<StartCashInRequest>
{
    /// <summary>
    /// One deposit, in USD; the upper limit is the highest any store has (docs/oms-api.md 7.4). The store's own limit is OMS's to check.
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
        RuleFor(request => request.CustomerId).Must(id => IsId(id, "cst_")).When(request => request.CustomerId is not null)
            .WithMessage("must be an OMS customer id, such as cst_…");
        RuleFor(request => request.WalletId).Must(id => IsId(id, "wlt_")).When(request => request.WalletId is not null)
            .WithMessage("must be an OMS wallet id, such as wlt_…");
        RuleFor(request => request.WalletId).Null().When(request => request.CustomerId is null)
            .WithMessage("can only be given together with customerId");
        RuleFor(request => request.IndicatedAmount).InclusiveBetween(MinAmount, MaxAmount).WithMessage("must be between 20 and 1000 USD")
            .Must(amount => amount is not { } value || decimal.Round(value, 2) == value).WithMessage("has more than two decimals");
        RuleFor(request => request.Location).NotNull().WithMessage("is required: id and reference, or provider, latitude and longitude");
        RuleFor(request => request.Location!).SetValidator(new LocationValidator()).When(request => request.Location is not null);
    }

    private static bool IsId(string? id, string prefix)
        => id is { Length: <= 100 } && id.StartsWith(prefix, StringComparison.Ordinal)
            && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private sealed class LocationValidator : AbstractValidator<StartCashInLocation>
    {
        private const string AsGiven = "must be as the search for stores gave it: printable ASCII without spaces";

        private static bool IsWordCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';

        private static bool IsPrintable(string? text) => text is null || text.All(character => character is > ' ' and <= '~');

        public LocationValidator()
        {
            When(location => location.Id is not null || location.Reference is not null, () =>
            {
                RuleFor(location => location.Id).NotEmpty().WithMessage("is required with reference").MaximumLength(200)
                    .WithMessage("is longer than 200 characters").Must(IsPrintable).WithMessage(AsGiven);
                RuleFor(location => location.Reference).NotEmpty().WithMessage("is required with id").MaximumLength(4_000)
                    .WithMessage("is longer than 4000 characters").Must(IsPrintable).WithMessage(AsGiven);
                RuleFor(location => location.Provider).Null().WithMessage("cannot be given together with id");
            }).Otherwise(() =>
            {
                RuleFor(location => location.Provider).Must(name => name is { Length: > 0 and <= 50 } && name.All(IsWordCharacter))
                    .WithMessage("is required: a name in letters and digits, such as greendot");
                RuleFor(location => location.Latitude).NotNull().WithMessage("is required").InclusiveBetween(-90m, 90m)
                    .WithMessage("must be between -90 and 90");
                RuleFor(location => location.Longitude).NotNull().WithMessage("is required").InclusiveBetween(-180m, 180m)
                    .WithMessage("must be between -180 and 180");
            });
        }
    }
}
