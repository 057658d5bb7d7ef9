using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Transactions;
using OmsWorkflows.Local.Sandbox.Wallets;

namespace OmsWorkflows.Local.Sandbox.Webhooks;

/// <summary>Names what changed as the event catalogue of the chosen version does (docs/oms-api.md 9.4), and hands it to the courier.</summary>
internal sealed class Announcer(World world, SandboxOptions options, Courier courier)
{
    private bool Later => options.EventVersion == "v0.11";

    public void CashInChanged(CashIn cashIn, string what) =>
        courier.Raise(new RaisedEvent($"cashIn.{what}", CashInView.Of(cashIn), cashIn.Version, cashIn.Id, cashIn.Id, cashIn.CustomerId));

    public void TransactionChanged(Transaction transaction)
    {
        var name = Later ? "transaction.statusChanged" : $"transaction.{transaction.Type}.{transaction.Status.ToString().ToLowerInvariant()}";
        courier.Raise(new RaisedEvent(name, transaction.View(), transaction.Version, transaction.Id, transaction.Group, transaction.CustomerId));
    }

    /// <summary>v0.9 only tells what was granted, once per review; refusals and open questions have no event there, so polling is needed.</summary>
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

    public void WalletProvisioned(Wallet wallet)
    {
        if (Later)
            courier.Raise(new RaisedEvent("wallet.provisioned", wallet.View(), wallet.Version, wallet.Id, wallet.CustomerId, wallet.CustomerId));
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

    private void RaiseFor(Customer customer, string name, object data) =>
        courier.Raise(new RaisedEvent(name, data, customer.Version, customer.Id, customer.Id, customer.Id));
}
