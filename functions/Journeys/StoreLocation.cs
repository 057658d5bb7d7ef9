using System.Text.Json.Nodes;
using FluentValidation;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Journeys;

/// <summary>
/// A store: as <c>GET /api/cash-locations</c> lists it, to be chosen unchanged; or by id and reference alone; or a place to find the
/// nearest one to.
/// </summary>
public sealed record StoreLocation
{
    /// <summary>OMS's id of the store.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// OMS's reference of the store. It ages; with provider, latitude and longitude beside it, it is looked up again then.
    /// </summary>
    public string? Reference { get; init; }

    /// <summary>The cash network, such as <c>greendot</c>.</summary>
    public string? Provider { get; init; }

    /// <summary>Degrees north: of the store when it is named, else of the place to find one near to.</summary>
    public decimal? Latitude { get; init; }

    /// <summary>Degrees east, likewise.</summary>
    public decimal? Longitude { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Street and number.</summary>
    public string? Address { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>State or region.</summary>
    public string? State { get; init; }

    /// <summary>Postal code.</summary>
    public string? ZipCode { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>How far it is from the place that was asked about.</summary>
    public decimal? Distance { get; init; }

    /// <summary>The unit of the distance, such as <c>mi</c>.</summary>
    public string? DistanceUnit { get; init; }

    /// <summary>How much one deposit may be there, in USD, as far as OMS says.</summary>
    public StoreLimits? Limits { get; init; }

    /// <summary>When it is open, in the form OMS says it; left out when OMS does not.</summary>
    public JsonNode? Opening { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(StoreLocation);

    /// <summary>The place; null when it is not said.</summary>
    internal Place? ToPlace() => Provider is { } provider && Latitude is { } latitude && Longitude is { } longitude
        ? new Place(provider, latitude, longitude)
        : null;

    /// <summary>A store as OMS lists it.</summary>
    internal static StoreLocation Of(CashLocation location, string provider) => new()
    {
        Id = location.Id,
        Reference = location.LocationReference,
        Provider = location.Coordinates is null ? null : location.Provider ?? provider,
        Latitude = location.Coordinates?.Latitude,
        Longitude = location.Coordinates?.Longitude,
        Name = location.Name,
        Address = location.Address,
        City = location.City,
        State = location.State,
        ZipCode = location.ZipCode,
        Country = location.Country,
        Distance = location.Distance,
        DistanceUnit = location.DistanceUnit,
        Limits = location.Limits is { } limits ? new(limits.Minimum, limits.Maximum) : null,
        Opening = location.Opening,
    };
}

/// <summary>How much one deposit may be at a store, in USD (docs/oms-api.md 7.4).</summary>
/// <param name="Minimum">The least that is taken; left out when OMS does not say.</param>
/// <param name="Maximum">The most that is taken; left out when OMS does not say.</param>
public sealed record StoreLimits(decimal? Minimum, decimal? Maximum);

/// <summary>Checks what names a store.</summary>
internal sealed class StoreLocationValidator : AbstractValidator<StoreLocation>
{
    private const string AsGiven = "must be as the search for stores gave it: printable ASCII without spaces";

    public StoreLocationValidator()
    {
        When(location => location.Id is not null || location.Reference is not null, () =>
        {
            RuleFor(location => location.Id).NotEmpty().WithMessage("is required with reference").MaximumLength(200)
                .WithMessage("is longer than 200 characters").Must(IsPrintable).WithMessage(AsGiven);
            RuleFor(location => location.Reference).NotEmpty().WithMessage("is required with id").MaximumLength(4_000)
                .WithMessage("is longer than 4000 characters").Must(IsPrintable).WithMessage(AsGiven);
            RuleFor(location => location.Provider).Must((location, _) => SaysAllOrNothing(location))
                .WithMessage("goes together with latitude and longitude: give all three, as the search for stores gave them, or none");
        });
        When(location => location.Id is null && location.Reference is null, () =>
        {
            RuleFor(location => location.Provider).NotEmpty().WithMessage("is required: a name in letters and digits, such as greendot");
            RuleFor(location => location.Latitude).NotNull().WithMessage("is required");
            RuleFor(location => location.Longitude).NotNull().WithMessage("is required");
        });
        RuleFor(location => location.Provider).Must(IsProvider).When(location => !string.IsNullOrEmpty(location.Provider))
            .WithMessage("must be a name in letters and digits, such as greendot");
        RuleFor(location => location.Latitude).InclusiveBetween(-90m, 90m).WithMessage("must be between -90 and 90");
        RuleFor(location => location.Longitude).InclusiveBetween(-180m, 180m).WithMessage("must be between -180 and 180");
    }

    /// <summary>Whether a text can name a cash network.</summary>
    public static bool IsProvider(string? name)
        => name is { Length: > 0 and <= 50 } && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    private static bool SaysAllOrNothing(StoreLocation location)
        => location.ToPlace() is not null || location is { Provider: null, Latitude: null, Longitude: null };

    private static bool IsPrintable(string? text) => text is null || text.All(character => character is > ' ' and <= '~');
}
