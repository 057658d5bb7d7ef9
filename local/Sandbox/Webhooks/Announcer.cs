using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Transactions;
using OmsWorkflows.Local.Sandbox.Wallets;

namespace OmsWorkflows.Local.Sandbox.Webhooks;

/// <summary>
/// Names what changed as the event catalogue of the chosen version does (docs/oms-api.md 9.4), and hands it to the courier.
/// </summary>
internal sealed class Announcer(World world, SandboxOptions options, Courier courier)
{
    // v0.9 has no event for the state in between (docs/oms-api.md 9.4): cash that lies ready is found by a look.
    private static readonly TransactionStatus[] ToldInV09 =
    [
        TransactionStatus.Processing, TransactionStatus.Completed, TransactionStatus.Failed,
    ];

    private bool Later => options.IsLater;

    public void CashInChanged(CashIn cashIn, string what)
        => courier.Raise(new RaisedEvent($"cashIn.{what}", CashInView.Of(cashIn), cashIn.Version, cashIn.Id, cashIn.Id, cashIn.CustomerId));

    public void TransactionChanged(Transaction transaction)
    {
        if (Later)
            RaiseFor(transaction, "transaction.statusChanged");
        else if (ToldInV09.Contains(transaction.Status))
            RaiseFor(transaction, $"transaction.{transaction.Type}.{Transaction.WireName(transaction.Status)}");
    }

    /// <summary>Reaches only endpoints that are for compliance.</summary>
    public void UnderReview(Transaction transaction) => RaiseFor(transaction, $"transaction.{transaction.Type}.underReview");

    /// <summary>
    /// What happens around a bank account or a deposit address has events of its own only in v0.11; <paramref name="name"/> is one of
    /// those.
    /// </summary>
    public void RaiseLater(string name, object data, int sequence, string resourceId, string group, string customerId)
    {
        if (Later)
            courier.Raise(new RaisedEvent(name, data, sequence, resourceId, group, customerId));
    }

    /// <summary>
    /// v0.9 only tells what was granted, once per review; refusals and open questions have no event there, so polling is needed.
    /// </summary>
    public void EndorsementsChanged(Customer customer, IReadOnlyList<Endorsement> changed)
    {
        if (!Later)
        {
            if (changed.Any(endorsement => endorsement.Status == EndorsementStatus.Active))
                RaiseFor(customer, "customer.endorsement.granted", customer.View(world.Wallets.Values));
            return;
        }
        foreach (var endorsement in changed)
        {
            var view = endorsement.View();
            var data = new { CustomerId = customer.Id, view.Name, view.Status, view.Requirements, view.RejectionReasons };
            RaiseFor(customer, "endorsement.updated", data);
            if (endorsement.Status == EndorsementStatus.Active)
                RaiseFor(customer, "endorsement.active", data);
        }
    }

    /// <summary>Told in v0.11 only, under each of these names.</summary>
    public void ExternalAccountChanged(ExternalAccount account, params IEnumerable<string> whats)
    {
        foreach (var what in whats)
            RaiseLater($"externalAccount.{what}", account, account.Version, account.Id, account.CustomerId, account.CustomerId);
    }

    public void WalletProvisioned(Wallet wallet)
    {
        if (Later)
            courier.Raise(
                new RaisedEvent("wallet.provisioned", wallet.View(), wallet.Version, wallet.Id, wallet.CustomerId, wallet.CustomerId));
    }

    public void DepositDetected(Wallet wallet, string amount, string txHash)
    {
        var view = wallet.View();
        var deposit = new { Amount = amount, wallet.Asset, Network = wallet.Chain, TxHash = txHash };
        var data = new
        {
            view.Id,
            view.Object,
            view.CustomerId,
            view.Address,
            view.Asset,
            view.Chain,
            view.Status,
            view.Type,
            view.CreatedAt,
            view.UpdatedAt,
            Deposit = deposit,
        };
        courier.Raise(new RaisedEvent("wallet.depositDetected", data, wallet.Version, wallet.Id, wallet.CustomerId, wallet.CustomerId));
    }

    private void RaiseFor(Transaction transaction, string name)
        => courier.Raise(
            new RaisedEvent(name, transaction.View(), transaction.Version, transaction.Id, transaction.Group, transaction.CustomerId));

    private void RaiseFor(Customer customer, string name, object data)
        => courier.Raise(new RaisedEvent(name, data, customer.Version, customer.Id, customer.Id, customer.Id));
}
