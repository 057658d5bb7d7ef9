using System.Globalization;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>Turns a cash-in's document, read again and again, into what happened since the last time.</summary>
internal sealed class JourneyWatch(TimeProvider time)
{
    private string? customerId;
    private string? endorsements;
    private string? wallet;
    private string? code;
    private string? phase;

    /// <summary>The code that is valid now.</summary>
    public string? Code => code;

    /// <summary>How often the code was refreshed.</summary>
    public int Round { get; private set; }

    /// <summary>What changed.</summary>
    public IEnumerable<DemoEvent> See(JsonObject document)
    {
        if (Changed(ref customerId, Text(document["customerId"])))
            yield return Event("customer", "Customer", customerId!, new JsonObject { ["customerId"] = customerId });

        if (Changed(ref endorsements, Endorsements(document)))
            yield return SeeEndorsements(document);

        if (Changed(ref wallet, Text(document["wallet"]?["id"])))
            yield return Event("wallet", "Wallet", $"{wallet}\n{Text(document["wallet"]?["address"])}", Copy(document, "wallet"));

        if (Changed(ref code, Text(document["deposit"]?["code"])))
            yield return SeeCode(document);

        if (Changed(ref phase, Text(document["phase"])) && SeePhase(document) is { } seen)
            yield return seen;
    }

    private DemoEvent SeeEndorsements(JsonObject document)
    {
        var granted = document["endorsements"]!.AsArray().All(e => Text(e!["status"]) == "ACTIVE");
        return Event("endorsements", granted ? "Endorsements granted" : "Endorsements", endorsements + (granted ? "\ntold by webhook" : ""), Copy(document, "endorsements"));
    }

    private DemoEvent SeeCode(JsonObject document)
    {
        var deposit = document["deposit"]!;
        Round = deposit["round"]?.GetValue<int>() ?? 0;
        var store = $"{Text(deposit["locationName"])}, {Text(deposit["locationAddress"])}";
        var expires = DateTimeOffset.Parse(Text(deposit["expiresAt"])!, CultureInfo.InvariantCulture);
        return Event(Round == 0 ? "code" : "code-refreshed", Round == 0 ? "Deposit code" : "Refreshed code", $"{code}\n{store}", Copy(document, "deposit")) with { Until = expires };
    }

    private DemoEvent? SeePhase(JsonObject document) => phase switch
    {
        "Expired" => Event("expired", "Code ran out", "The last code ran out; the cash-in can be revived.", Copy(document, "deposit")),
        "AwaitingSettlement" => Event("converting", "Conversion", "cash taken, USD to USDC under way", []),
        "Completed" => SeeSettlement(document),
        "Failed" or "Rejected" or "Cancelled" or "NeedsReview" =>
            Event("ended", phase, Text(document["reason"]?["detail"]) ?? "", Copy(document, "reason")) with { IsFailure = true },
        _ => null,
    };

    private DemoEvent SeeSettlement(JsonObject document)
    {
        var s = document["settlement"]!;
        var text = $"gross {Text(s["gross"])}  fees {Text(s["fees"])}  net {Text(s["net"])} {Text(s["asset"])?.ToUpperInvariant()}\n{Text(s["transactionId"])}";
        return Event("booked", "USDC booked", text, Copy(document, "settlement"));
    }

    private DemoEvent Event(string kind, string title, string text, JsonObject data) => new(time.GetUtcNow(), kind, title, text, data);

    private static string? Endorsements(JsonObject document) => document["endorsements"] is JsonArray { Count: > 0 } all
        ? string.Join("  ", all.Select(e => $"{Text(e!["name"])} {Text(e["status"])}"))
        : null;

    private static JsonObject Copy(JsonObject document, string member) => new() { [member] = document[member]?.DeepClone() };

    private static string? Text(JsonNode? node) => node?.ToString();

    private static bool Changed(ref string? known, string? now)
    {
        if (now is null || now == known) return false;
        known = now;
        return true;
    }
}
