using System.Collections.Frozen;
using System.Net;

namespace OmsWorkflows.Oms;

/// <summary>Which machine codes are refusals (docs/oms-api.md 3.3).</summary>
internal static class RefusalCodes
{
    public const string ValidationError = "validation_error";
    public const string NotFound = "not_found";
    public const string NotProvisioned = "provider_account_not_provisioned";

    private const string NotFoundEnding = "_not_found";

    private static readonly FrozenDictionary<string, string> Refusals = Table(
        ValidationError, "idempotency_key_required", "forbidden", "endorsement_required", NotFound, "idempotency_key_reused",
        "invalid_state", NotProvisioned, "compliance_required", "compliance_hold", "insufficient_funds", "limit_exceeded", "quote_expired",
        "unsupported_asset", "customer_inactive");

    private static readonly FrozenDictionary<string, string> Waits = Table(
        "idempotency_in_progress", "rate_limited", "internal_error", "provider_unavailable", "unauthorized", "token_expired");

    /// <summary>What can be missing; a gateway's "route_not_found" is none of it.</summary>
    private static readonly FrozenSet<string> Resources = FrozenSet.Create(StringComparer.Ordinal,
        "customer", "wallet", "cash_in", "cash_location", "location", "quote", "transaction", "webhook", "external_account");

    /// <summary>A documented code in its documented spelling, whatever case and separators it came in; else as it came.</summary>
    public static string Canonical(string code)
        => Refusals.GetValueOrDefault(Word.Fold(code)) ?? Waits.GetValueOrDefault(Word.Fold(code)) ?? code;

    /// <summary>Whether a canonical code is a documented one, fit for a metric's dimension.</summary>
    public static bool IsKnown(string code) => Refusals.ContainsKey(Word.Fold(code)) || Waits.ContainsKey(Word.Fold(code));

    /// <summary>
    /// Whether a 4xx with this canonical code says no for good. The documented refusals do, under any status. A code that is not
    /// documented, and OMS will have new ones, does under 400 and 422, which blame the request; under any other status it proves nothing.
    /// </summary>
    public static bool IsRefusal(HttpStatusCode status, string code)
        => Refusals.ContainsKey(Word.Fold(code))
        || (!Waits.ContainsKey(Word.Fold(code))
            && (status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity || IsMissing(status, code)));

    private static bool IsMissing(HttpStatusCode status, string code)
        => status == HttpStatusCode.NotFound && code.EndsWith(NotFoundEnding, StringComparison.Ordinal)
            && Resources.Contains(code[..^NotFoundEnding.Length]);

    private static FrozenDictionary<string, string> Table(params string[] codes)
        => codes.ToFrozenDictionary(Word.Fold, StringComparer.Ordinal);
}
