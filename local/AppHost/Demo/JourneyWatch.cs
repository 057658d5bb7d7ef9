using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Calls;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>Turns a cash-in's document, read again and again, into what happened since the last time.</summary>
internal sealed class JourneyWatch(TimeProvider clock)
{
    private string? _customerId;
    private string? _endorsements;
    private string? _wallet;
    private string? _code;
    private string? _phase;

    /// <summary>The code that is valid now.</summary>
    public string? Code => _code;

    /// <summary>How often the code was refreshed.</summary>
    public int Round { get; private set; }

    /// <summary>What changed.</summary>
    public IEnumerable<DemoEvent> See(JourneyDocument journey)
    {
        if (Changed(ref _customerId, journey.CustomerId))
            yield return Event("customer", "Customer", $"{_customerId}", new JsonObject { ["customerId"] = _customerId });

        if (Changed(ref _endorsements, Endorsements(journey)))
            yield return SeeEndorsements(journey);

        if (journey.Wallet is { } wallet && Changed(ref _wallet, wallet.Id))
            yield return Event("wallet", "Wallet", $"{wallet.Id}\n{wallet.Address}", Copy(journey, "wallet"));

        if (journey.Deposit is { } deposit && Changed(ref _code, deposit.Code))
            yield return SeeCode(journey, deposit);

        if (Changed(ref _phase, journey.Phase) && SeePhase(journey) is { } seen)
            yield return seen;
    }

    private DemoEvent SeeEndorsements(JourneyDocument journey)
    {
        var granted = journey.Endorsements.All(endorsement => endorsement.Status == "ACTIVE");
        return Event(
            "endorsements",
            granted ? "Endorsements granted" : "Endorsements",
            _endorsements + (granted ? "\ntold by webhook" : ""),
            Copy(journey, "endorsements"));
    }

    private DemoEvent SeeCode(JourneyDocument journey, DepositView deposit)
    {
        Round = deposit.Round;
        var isFirst = Round == 0;
        var seen = Event(
            isFirst ? "code" : "code-refreshed",
            isFirst ? "Deposit code" : "Refreshed code",
            $"{deposit.Code}\n{deposit.LocationName}, {deposit.LocationAddress}",
            Copy(journey, "deposit"));
        return seen with { Until = deposit.ExpiresAt };
    }

    private DemoEvent? SeePhase(JourneyDocument journey) => journey.Phase switch
    {
        "AwaitingSettlement" => Event("converting", "Conversion", "cash taken, USD to USDC under way", []),
        "Completed" => SeeSettlement(journey),
        // It could be revived, but nobody here does that.
        "Expired" => Failure("expired", "Code ran out", "The last one; a refresh would revive the cash-in.", Copy(journey, "deposit")),
        "Failed" or "Rejected" or "Cancelled" or "NeedsReview"
            => Failure("ended", journey.Phase, journey.Reason?.Detail ?? "", Copy(journey, "reason")),
        _ => null,
    };

    private DemoEvent SeeSettlement(JourneyDocument journey)
    {
        var settlement = journey.NeedSettlement();
        var net = $"{settlement.Net:0.00} {settlement.Asset.ToUpperInvariant()}";
        var text = $"gross {settlement.Gross:0.00}  fees {settlement.Fees:0.00}  net {net}\n{settlement.TransactionId}";
        return Event("booked", "USDC booked", text, Copy(journey, "settlement"));
    }

    private DemoEvent Event(string kind, string title, string text, JsonObject data) => new(clock.GetUtcNow(), kind, title, text, data);

    private DemoEvent Failure(string kind, string title, string text, JsonObject data)
        => Event(kind, title, text, data) with { IsFailure = true };

    private static string? Endorsements(JourneyDocument journey) => journey.Endorsements is { Count: > 0 } all
        ? string.Join("  ", all.Select(endorsement => $"{endorsement.Name} {endorsement.Status}"))
        : null;

    private static JsonObject Copy(JourneyDocument journey, string member) => new() { [member] = journey.Raw[member]?.DeepClone() };

    private static bool Changed(ref string? known, string? now)
    {
        if (now is null || now == known)
            return false;
        known = now;
        return true;
    }
}
