using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>A bank account in OMS's books: what is sent to it becomes tokens in its customer's wallet (docs/oms-api.md 8.1).</summary>
public sealed record VirtualAccount : IOmsResource
{
    /// <summary>Opaque id (<c>va_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary>Whose account it is.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? CustomerId { get; init; }

    /// <summary>OMS's word for whether it can be used: <c>active</c>, <c>paused</c> or <c>deleted</c>.</summary>
    [JsonRequired, JsonConverter(typeof(StateConverter))]
    public string? Status { get; init; }

    /// <summary>Where a bank has to send to. Passed on to who asks; never kept.</summary>
    [JsonConverter(typeof(LenientObject<ReceivingDetails>))]
    public ReceivingDetails? BankDetails { get; init; }

    /// <summary>What arrives, and in which wallet.</summary>
    public MoneySide? Destination { get; init; }

    /// <summary>In whose name it is kept: <c>customer</c>, <c>oms</c> or <c>developer</c>.</summary>
    [JsonConverter(typeof(LenientWord))]
    public string? AccountholderName { get; init; }

    /// <summary>When it was opened.</summary>
    [JsonConverter(typeof(LenientTime))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Whether money sent to it still arrives.</summary>
    [JsonIgnore]
    public bool IsOpen => !Word.Same(Status, "deleted") && !Word.Same(Status, "closed") && !Word.Same(Status, "failed");

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(VirtualAccount)} {Id}";
}

/// <summary>Where a bank has to send to.</summary>
public sealed record ReceivingDetails
{
    /// <summary>Name of the bank.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? BankName { get; init; }

    /// <summary>Number of the account.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? AccountNumber { get; init; }

    /// <summary>Number of the bank.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? RoutingNumber { get; init; }

    /// <summary>Such as <c>checking</c>.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? AccountType { get; init; }

    /// <summary>Name of the account's owner.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? OwnerName { get; init; }

    /// <summary>What the sender has to write into the transfer.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? Reference { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(ReceivingDetails);
}

/// <summary>Body of <c>POST /virtual-accounts</c>: the members of the object that a caller can choose (docs/oms-api.md 8.1).</summary>
public sealed record VirtualAccountRequest
{
    /// <summary>Whose account it is.</summary>
    public required string CustomerId { get; init; }

    /// <summary>Where the tokens go.</summary>
    public required CashInDestination Destination { get; init; }
}
