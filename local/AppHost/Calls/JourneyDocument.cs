using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Local.AppHost.Calls;

/// <summary>What the app says of a journey (docs/openapi.json, Journey), as far as it is looked at here.</summary>
internal sealed record JourneyDocument(string Id, string Kind, string Phase, DateTimeOffset ReceivedAt)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public bool Ended { get; init; }

    public bool Overdue { get; init; }

    public bool CancelRequested { get; init; }

    public string? CustomerId { get; init; }

    public string? CashInId { get; init; }

    public IReadOnlyList<EndorsementView> Endorsements { get; init; } = [];

    public WalletView? Wallet { get; init; }

    public DepositView? Deposit { get; init; }

    public SettlementView? Settlement { get; init; }

    public QuoteView? Quote { get; init; }

    public PayoutView? Payout { get; init; }

    public ReasonView? Reason { get; init; }

    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();

    /// <summary>All of it, as it was answered.</summary>
    [JsonIgnore]
    public JsonObject Raw { get; private init; } = [];

    /// <summary>Reads an answer.</summary>
    /// <exception cref="JsonException">It is no journey's.</exception>
    public static JourneyDocument Of(JsonObject answer)
        => (answer.Deserialize<JourneyDocument>(Web) ?? throw new JsonException("A journey was expected.")) with { Raw = answer };

    /// <summary>The wallet, without which there is nothing to say of it.</summary>
    public WalletView NeedWallet() => Wallet ?? throw Lacks("wallet");

    public DepositView NeedDeposit() => Deposit ?? throw Lacks("deposit code");

    public SettlementView NeedSettlement() => Settlement ?? throw Lacks("settlement");

    public QuoteView NeedQuote() => Quote ?? throw Lacks("quote");

    public PayoutView NeedPayout() => Payout ?? throw Lacks("payout");

    public ReasonView NeedReason() => Reason ?? throw Lacks("reason");

    public string NeedCustomerId() => CustomerId ?? throw Lacks("customer");

    public override string ToString() => Raw.ToJsonString();

    private InvalidOperationException Lacks(string what) => new($"The journey has no {what}: {this}");
}

/// <summary>An endorsement and how far it is.</summary>
internal sealed record EndorsementView(string Name, string Status);

/// <summary>Where the money goes.</summary>
internal sealed record WalletView(string Id, string? Address);

/// <summary>A deposit code.</summary>
internal sealed record DepositView(string Code, DateTimeOffset ExpiresAt, string LocationName, string LocationAddress, int Round);

/// <summary>Money that was booked.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
internal sealed record SettlementView(string TransactionId, decimal Gross, decimal Fees, decimal Net, string Asset);

/// <summary>A price.</summary>
internal sealed record QuoteView(string Id);

/// <summary>A payout at OMS.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
internal sealed record PayoutView(decimal Sent, decimal Received, DateTimeOffset? CompletedAt);

/// <summary>Why a journey did not succeed.</summary>
internal sealed record ReasonView(string Code, string Detail);
