using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Banking;

/// <summary>What became of money on its way to an account.</summary>
internal enum DepositStatus
{
    Pending,
    Settled,
    Failed,
    Returned,
}

/// <summary>
/// Money that was sent to a virtual account or a deposit address. The rail is one of <see cref="Rails"/>, or the network of a chain.
/// </summary>
internal sealed class Deposit(
    string id, string accountId, string customerId, decimal amount, string asset, string rail, DateTimeOffset createdAt) : IListed
{
    public static IReadOnlyList<string> Rails { get; } = ["ach", "wire", "swift"];

    public string Id => id;

    public string AccountId => accountId;

    public string CustomerId => customerId;

    public decimal Amount => amount;

    public string Rail => rail;

    public DepositStatus Status { get; private set; }

    /// <summary>The conversion it became; null until it settled.</summary>
    public string? TransactionId { get; set; }

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>Rises with every change; events carry it as their sequence.</summary>
    public int Version { get; private set; } = 1;

    public void Move(DepositStatus to) => (Status, Version) = (to, Version + 1);

    /// <summary>What events say about it (docs/oms-api.md 9.4).</summary>
    public DepositView View(DepositStatus? told = null)
    {
        var (amountText, status) = (Money.MoneyText.Of(amount), (told ?? Status).ToString().ToLowerInvariant());
        return accountId.StartsWith("va_", StringComparison.Ordinal)
            ? new DepositView(id, accountId, null, customerId, status, amountText, asset)
            : new DepositView(id, null, accountId, customerId, status, amountText, asset);
    }
}

/// <summary>The <c>data</c> of an event about a deposit.</summary>
internal record DepositView(
    string Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? VirtualAccountId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DepositAddressId,
    string CustomerId, string Status, string Amount, string Asset);
