namespace OmsWorkflows.Payouts;

/// <summary>By which rails an account can be paid to (docs/oms-api.md 1, 1.1); what it is, its id says.</summary>
internal static class PayoutNetworks
{
    /// <summary>Begins the id of a debit card.</summary>
    public const string CardPrefix = "pmCard_";

    private const string BankAbroadPrefix = "cpIntlBank_";
    private const string ChainPrefix = "cpBcAddr_";

    private static readonly string[] Cash = ["cash"];
    private static readonly string[] Card = ["card"];
    private static readonly string[] BankAbroad = ["international_wire"];
    private static readonly string[] Bank = ["ach", "wire", "international_wire", "usBank"];

    /// <summary>The rails to an account, the usual one first; those of cash when there is none.</summary>
    public static IReadOnlyList<string> Of(string? accountId) => accountId switch
    {
        null => Cash,
        _ when accountId.StartsWith(CardPrefix, StringComparison.Ordinal) => Card,
        _ when accountId.StartsWith(BankAbroadPrefix, StringComparison.Ordinal) => BankAbroad,
        _ when accountId.StartsWith(ChainPrefix, StringComparison.Ordinal) => [],
        _ => Bank,
    };
}
