using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>An account outside OMS that can be paid to: at a bank, or a debit card (docs/oms-api.md 8.1).</summary>
public sealed record ExternalAccount : IOmsResource
{
    /// <summary>Opaque id (<c>cpUsBank_…</c>, <c>cpIntlBank_…</c>, <c>pmCard_…</c>, <c>cpBcAddr_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary>Whose account it is.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? CustomerId { get; init; }

    /// <summary>OMS's word for what it is, such as <c>usBank</c>.</summary>
    [JsonConverter(typeof(LenientWord))]
    public string? Type { get; init; }

    /// <summary>OMS's word for whether it can be paid to; <c>verified</c> if it can.</summary>
    [JsonRequired, JsonConverter(typeof(StateConverter))]
    public string? Status { get; init; }

    /// <summary>The bank, masked. Passed on to who asks; never kept.</summary>
    [JsonConverter(typeof(LenientObject<MaskedBank>))]
    public MaskedBank? BankDetails { get; init; }

    /// <summary>The card, masked. Passed on to who asks; never kept.</summary>
    [JsonConverter(typeof(LenientObject<MaskedCard>))]
    public MaskedCard? CardDetails { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(ExternalAccount)} {Id}";
}

/// <summary>A bank account as OMS shows it.</summary>
public sealed record MaskedBank
{
    /// <summary>Name of the bank.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? BankName { get; init; }

    /// <summary>Number of the account, masked.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? AccountNumber { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(MaskedBank);
}

/// <summary>A card as OMS shows it.</summary>
public sealed record MaskedCard
{
    /// <summary>Such as <c>visa</c>.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? Brand { get; init; }

    /// <summary>Its last digits.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? LastFour { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(MaskedCard);
}
