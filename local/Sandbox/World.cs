using OmsWorkflows.Local.Sandbox.Banking;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Money;
using OmsWorkflows.Local.Sandbox.Transactions;
using OmsWorkflows.Local.Sandbox.Wallets;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox;

/// <summary>
/// Everything the sandbox knows, in memory. Reads and changes are made holding <see cref="Gate"/>: a simulator needs to be right, not
/// parallel; nothing that waits is done while holding it.
/// </summary>
internal sealed class World
{
    public Lock Gate { get; } = new();

    public Dictionary<string, Customer> Customers { get; } = [];

    public Dictionary<string, Wallet> Wallets { get; } = [];

    public Dictionary<string, ExternalAccount> ExternalAccounts { get; } = [];

    public Dictionary<string, CashIn> CashIns { get; } = [];

    public Dictionary<string, Till.Authorisation> Authorisations { get; } = [];

    public Dictionary<string, Quote> Quotes { get; } = [];

    public Dictionary<string, Transaction> Transactions { get; } = [];

    public Dictionary<string, WebhookEndpoint> Endpoints { get; } = [];

    public Dictionary<string, Delivery> Deliveries { get; } = [];

    public Dictionary<string, VirtualAccount> VirtualAccounts { get; } = [];

    public Dictionary<string, DepositAddress> DepositAddresses { get; } = [];

    public Dictionary<string, Deposit> Deposits { get; } = [];

    public List<LedgerEntry> Ledger { get; } = [];

    /// <summary>Finds a resource or refuses with 404.</summary>
    public static T Find<T>(Dictionary<string, T> among, string id)
        => among.TryGetValue(id, out var found) ? found : throw ApiException.NotFound();

    /// <summary>Refuses a target that money cannot go to: another customer's wallet, one that is not active, or another asset.</summary>
    public void RequireWallet(string customerId, CashInTarget target)
    {
        if (!WalletEditor.Supports(target.Asset, target.Network))
            throw ApiException.UnsupportedAsset();
        if (target.WalletId is not { } walletId)
            return;
        var wallet = Find(Wallets, walletId);
        if (wallet.CustomerId != customerId)
            throw ApiException.NotFound();
        if (wallet.Status != WalletStatus.Active)
            throw ApiException.InvalidState("The wallet is not active.", wallet.View().Status);
        if (wallet.Asset != target.Asset || wallet.Chain != target.Network)
            throw ApiException.UnsupportedAsset();
    }

    public void Clear()
    {
        lock (Gate)
        {
            Customers.Clear();
            Wallets.Clear();
            ExternalAccounts.Clear();
            CashIns.Clear();
            Authorisations.Clear();
            Quotes.Clear();
            Transactions.Clear();
            Endpoints.Clear();
            Deliveries.Clear();
            VirtualAccounts.Clear();
            DepositAddresses.Clear();
            Deposits.Clear();
            Ledger.Clear();
        }
    }
}
