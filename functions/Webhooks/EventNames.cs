using System.Collections.Frozen;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// The one table from names of v0.9 and v0.11 to the vocabulary of this app (docs/oms-api.md 9.4), and what the event's <c>data</c> is.
/// Two states of the same thing may be two names in one version and one name with a status in the other: <see cref="Of"/> hides that.
/// </summary>
internal static class EventNames
{
    private static readonly string[] InEveryVersion =
        ["cashIn.created", "cashIn.completed", "cashIn.expired", "wallet.depositDetected", "webhook.test"];

    private static readonly string[] FirstNames =
    [
        "transaction.fiatToCrypto.processing", "transaction.fiatToCrypto.completed", "transaction.fiatToCrypto.failed",
        "transaction.cryptoToFiat.processing", "transaction.cryptoToFiat.completed", "transaction.cryptoToFiat.failed",
        "transaction.cryptoToCrypto.processing", "transaction.cryptoToCrypto.completed", "transaction.cryptoToCrypto.failed",
        "customer.endorsement.granted",
    ];

    private static readonly string[] LaterNames =
    [
        "transaction.statusChanged", "endorsement.updated", "endorsement.active",
        "virtualAccount.deposit.settled", "virtualAccount.deposit.failed", "virtualAccount.deposit.returned",
        "virtualAccount.cryptoTransfer.settled", "virtualAccount.cryptoTransfer.failed",
    ];

    private static readonly FrozenDictionary<string, Meaning> Table =
        EveryName().ToFrozenDictionary(row => Word.Fold(row.Key), row => row.Value);

    private static readonly (string Prefix, Meaning Meaning)[] Families =
    [
        ("cashin.", new(SignalEvent.CashInChanged, Subject.CashIn)),
        ("customer.endorsement.", new(SignalEvent.EndorsementChanged, Subject.Customer)),
        ("endorsement.", new(SignalEvent.EndorsementChanged, Subject.Customer)),
        ("transaction.", new(SignalEvent.TransactionChanged, Subject.Transaction)),
    ];

    /// <summary>Every name the table holds.</summary>
    public static IEnumerable<string> Known => EveryName().Select(row => row.Key);

    /// <summary>
    /// What a subscription asks for: exact names, because whether patterns are legal is not documented (docs/oms-api.md 9.1), and those of
    /// one version, because whether OMS takes names it does not know is not either.
    /// </summary>
    /// <param name="apiVersion">Such as <c>v0.9</c>, the one version known to use the first names.</param>
    public static IReadOnlyList<string> SubscribedIn(string apiVersion)
        => [.. apiVersion == "v0.9" ? FirstNames : LaterNames, .. InEveryVersion];

    /// <summary>
    /// What a name means. <c>transaction.statusChanged</c> means what <paramref name="status"/> says. A new name of a family that journeys
    /// wait for still wakes them (the docs subscribe to <c>cashIn.*</c> and <c>customer.endorsement.*</c> as families); any other is
    /// unknown.
    /// </summary>
    public static Meaning Of(string name, string? status)
    {
        var folded = Word.Fold(name);
        if (!Table.TryGetValue(folded, out var meaning))
            meaning = Array.Find(Families, family => folded.StartsWith(family.Prefix, StringComparison.Ordinal)).Meaning;
        if (meaning.Event != SignalEvent.TransactionChanged)
            return meaning;
        return meaning with
        {
            Event = Word.Fold(status ?? "") switch
            {
                "processing" => SignalEvent.TransactionProcessing,
                "completed" => SignalEvent.TransactionCompleted,
                "failed" => SignalEvent.TransactionFailed,
                "underreview" => SignalEvent.TransactionUnderReview,
                _ => SignalEvent.TransactionChanged,
            },
        };
    }

    /// <summary>
    /// Whether a journey of this app may wait for such an event, so that one nobody fetches deserves a look. Whoever made a cash-in knows
    /// that it was made.
    /// </summary>
    public static bool ConcernsJourneys(SignalEvent kind) => kind is SignalEvent.EndorsementChanged
        or SignalEvent.CashInExpired or SignalEvent.CashInCompleted or SignalEvent.CashInChanged
        or SignalEvent.TransactionProcessing or SignalEvent.TransactionCompleted or SignalEvent.TransactionFailed
        or SignalEvent.TransactionUnderReview or SignalEvent.TransactionChanged;

    /// <summary>Whether a name is of money that came to a virtual account, and of what became of it there.</summary>
    public static bool IsOfDeposit(string name)
        => IsOf(name, "virtualaccount.deposit.") || IsOf(name, "virtualaccount.cryptotransfer.");

    /// <summary>Whether a name is of a transaction that turns fiat into tokens.</summary>
    public static bool IsFiatToCrypto(string name) => IsOf(name, "transaction.fiattocrypto.");

    /// <summary>Whether a name is of a transaction that spends tokens.</summary>
    public static bool IsOfTokensSpent(string name) => IsOf(name, "transaction.cryptoto");

    /// <summary>Whether an event of a deposit says that it ended, or that its money moved.</summary>
    public static bool EndsDeposit(SignalEvent kind, string name)
        => kind is SignalEvent.TransactionCompleted or SignalEvent.TransactionFailed
            || (IsOfDeposit(name) && Word.Fold(name).Split('.')[^1] is "settled" or "failed" or "returned");

    private static bool IsOf(string name, string folded) => Word.Fold(name).StartsWith(folded, StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, Meaning>> EveryName() =>
    [
        .. Rows(SignalEvent.CashInCreated, Subject.CashIn, "cashIn.created"),
        .. Rows(SignalEvent.CashInCompleted, Subject.CashIn, "cashIn.completed"),
        .. Rows(SignalEvent.CashInExpired, Subject.CashIn, "cashIn.expired"),
        .. Rows(SignalEvent.TransactionProcessing, Subject.Transaction, OfEachType("transaction.", "processing")),
        .. Rows(SignalEvent.TransactionCompleted, Subject.Transaction, OfEachType("transaction.", "completed")),
        .. Rows(SignalEvent.TransactionFailed, Subject.Transaction, OfEachType("transaction.", "failed")),
        .. Rows(SignalEvent.TransactionUnderReview, Subject.Transaction, OfEachType("transaction.", "underReview")),
        .. Rows(SignalEvent.TransactionChanged, Subject.Transaction, "transaction.statusChanged"),
        .. Rows(
            SignalEvent.EndorsementChanged, Subject.Customer, "customer.endorsement.granted", "endorsement.updated", "endorsement.active"),
        .. Rows(SignalEvent.WalletProvisioned, Subject.Other, "wallet.provisioned"),
        .. Rows(SignalEvent.WalletDepositDetected, Subject.Other, "wallet.depositDetected"),
        .. Rows(SignalEvent.CounterpartyChanged, Subject.Other, "counterparty.statusChanged"),
        .. Rows(SignalEvent.WebhookTest, Subject.Other, "webhook.test"),
        .. Rows(SignalEvent.ExternalAccountChanged, Subject.Other,
            Each("externalAccount.", "created", "verified", "declined", "deleted", "statusChanged")),
        .. Rows(SignalEvent.VirtualAccountChanged, Subject.Other,
            Each("virtualAccount.", "provisioned", "active", "frozen", "closed", "deleted", "failed", "statusChanged")),
        .. Rows(
            SignalEvent.VirtualAccountMoved, Subject.Other, Each("virtualAccount.deposit.", "pending", "settled", "failed", "returned")),
        .. Rows(
            SignalEvent.VirtualAccountMoved,
            Subject.Other,
            Each("virtualAccount.cryptoTransfer.", "initiated", "pending", "settled", "failed")),
        .. Rows(
            SignalEvent.VirtualAccountMoved,
            Subject.Other,
            Each("virtualAccount.fiatTransfer.", "initiated", "pending", "settled", "failed")),
        .. Rows(
            SignalEvent.DepositAddressChanged,
            Subject.Other,
            Each("depositAddress.", "active", "frozen", "closed", "failed", "statusChanged")),
        .. Rows(SignalEvent.DepositAddressMoved, Subject.Other,
            Each("deposit_address.crypto_deposit.", "pending", "settled", "failed", "needs_attribution")),
        .. Rows(SignalEvent.DepositAddressMoved, Subject.Other, Payouts("ach_payout", "wire_payout", "intl_wire_payout")),
        .. Rows(
            SignalEvent.DepositAddressMoved,
            Subject.Other,
            Each("deposit_address.crypto_payout.", "initiated", "pending", "settled", "failed")),
    ];

    private static IEnumerable<KeyValuePair<string, Meaning>> Rows(SignalEvent kind, Subject subject, params IEnumerable<string> names)
        => names.Select(name => KeyValuePair.Create(name, new Meaning(kind, subject)));

    private static IEnumerable<string> Each(string prefix, params string[] ends) => ends.Select(end => prefix + end);

    private static IEnumerable<string> OfEachType(string prefix, string state)
        => ((string[])["fiatToCrypto", "cryptoToFiat", "cryptoToCrypto"]).Select(type => $"{prefix}{type}.{state}");

    private static IEnumerable<string> Payouts(params string[] rails)
        => rails.SelectMany(rail => Each($"deposit_address.{rail}.", "initiated", "pending", "settled", "failed", "returned"));
}

/// <summary>What an event's name means.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Subject">What <c>data</c> is.</param>
internal readonly record struct Meaning(SignalEvent Event, Subject Subject);

/// <summary>What an event's <c>data.id</c> identifies.</summary>
internal enum Subject
{
    /// <summary>Unknown: <c>data.object</c> may say.</summary>
    Unknown = 0,

    /// <summary>A cash-in.</summary>
    CashIn,

    /// <summary>A transaction.</summary>
    Transaction,

    /// <summary>A customer, or an endorsement that names its customer.</summary>
    Customer,

    /// <summary>Something else of a customer.</summary>
    Other,
}
