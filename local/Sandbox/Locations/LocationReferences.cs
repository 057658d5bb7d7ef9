using System.Globalization;
using System.Text;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Locations;

/// <summary>
/// Makes and checks references of cash locations. Callers take them for opaque; documented samples are base64 of provider, store number and
/// coordinates (docs/oms-api.md 6). With a lifetime set they carry the time they were looked up, and age out.
/// </summary>
internal sealed class LocationReferences(SandboxClock clock, SandboxOptions options)
{
    private const string TimeMark = ";t=";

    public string Of(CashLocation store)
    {
        var time = options.LocationReferenceLifetime is null
            ? ""
            : TimeMark + clock.Now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(store.ReferenceText + time));
    }

    /// <summary>The location a request names.</summary>
    /// <exception cref="ApiException">400: unknown, not its reference, or too old.</exception>
    public CashLocation Require(CashPlace place)
    {
        var store = Stores.Find(place.LocationId);
        var bytes = new byte[place.LocationReference.Length];
        var text = Convert.TryFromBase64String(place.LocationReference, bytes, out var length)
            ? Encoding.ASCII.GetString(bytes, 0, length)
            : "";
        var parts = text.Split(TimeMark);
        if (store is null || parts[0] != store.ReferenceText)
            throw ApiException.Validation("cash.locationReference", "does not belong to a known location");
        if (options.LocationReferenceLifetime is not { } lifetime)
            return store;
        var known = parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            && clock.Now < DateTimeOffset.FromUnixTimeMilliseconds(time) + lifetime;
        return known ? store : throw ApiException.Validation("cash.locationReference", "has aged out; look the location up again");
    }
}
