using OmsWorkflows.Oms;

namespace OmsWorkflows.Payouts;

/// <summary>By which rails an account can be paid to (docs/oms-api.md 1, 1.1); what it is, its id says.</summary>
internal static class PayoutNetworks
{
    /// <summary>Begins the id of a debit card.</summary>
    public const string CardPrefix = "pmCard_";

    private const string UsBank = "usBank";
    private const string BankAbroadPrefix = "cpIntlBank_";
    private const string ChainPrefix = "cpBcAddr_";

    private static readonly string[] Cash = ["cash"];
    private static readonly string[] Card = ["card"];
    private static readonly string[] BankAbroad = ["international_wire"];
    private static readonly string[] Bank = ["ach", "wire", "international_wire", UsBank];

    /// <summary>The rails to an account, the usual one first; those of cash when there is none.</summary>
    public static IReadOnlyList<string> Of(string? accountId) => accountId switch
    {
        null => Cash,
        _ when accountId.StartsWith(CardPrefix, StringComparison.Ordinal) => Card,
        _ when accountId.StartsWith(BankAbroadPrefix, StringComparison.Ordinal) => BankAbroad,
        _ when accountId.StartsWith(ChainPrefix, StringComparison.Ordinal) => [],
        _ => Bank,
    };

    /// <summary>Whether what OMS says can be the rail that was ordered: <c>usBank</c> is a word for any rail between banks.</summary>
    public static bool IsRail(string said, string ordered)
        => Word.Same(said, ordered) || (Word.Same(said, UsBank) && IsOfBank(ordered)) || (Word.Same(ordered, UsBank) && IsOfBank(said));

    private static bool IsOfBank(string network) => Bank.Any(rail => Word.Same(rail, network));
}
