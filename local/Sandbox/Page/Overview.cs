using OmsWorkflows.Local.Sandbox.Auth;
using OmsWorkflows.Local.Sandbox.Banking;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Money;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Transactions;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Page;

/// <summary>All that the page shows, in one answer: of each list the newest ones.</summary>
internal static class Overview
{
    private const int Newest = 30;

    public static void MapOverview(this IEndpointRouteBuilder sim) => sim.MapGet(
        "/overview",
        (World world, SandboxClock clock, Agenda agenda, SandboxOptions options, Tokens tokens, Decisions decisions, FaultBook faults) =>
        {
            lock (world.Gate)
            {
                return Answer.Ok(new
                {
                    Clock = new { clock.Now, Offset = clock.Offset.ToString("c"), NextDue = agenda.Next().Due },
                    options.ApiVersion,
                    Key = new { options.ApiKey, options.ApiSecret, tokens.Revoked },
                    options.EarlyAccess,
                    DefaultDecision = decisions.Default.Kind,
                    Settled = MoneyText.Of(world.Ledger.Sum(entry => entry.Net)),
                    Codes = Latest(world.CashIns.Values.Where(cashIn => cashIn.Refreshable), cashIn => Code(world, cashIn)),
                    People = Latest(world.Customers.Values, customer => Person(world, customer)),
                    Transactions = Latest(world.Transactions.Values, transaction => Movement(world, transaction)),
                    Deposits = Latest(world.Deposits.Values, SimulatedDeposit.Of),
                    Faults = faults.List(),
                    Endpoints = Latest(world.Endpoints.Values, endpoint => endpoint.View()),
                    Deliveries = Latest(world.Deliveries.Values, Sent),
                });
            }
        });

    private static List<TView> Latest<T, TView>(IEnumerable<T> items, Func<T, TView> view) where T : IListed
        =>
        [
            .. items.OrderByDescending(item => item.CreatedAt).ThenByDescending(item => item.Id, StringComparer.Ordinal)
                .Take(Newest)
                .Select(view),
        ];

    private static object Code(World world, CashIn cashIn) => new
    {
        cashIn.Id,
        cashIn.Code,
        cashIn.Status,
        Customer = Name(world, cashIn.CustomerId),
        Store = cashIn.Location.Name,
        Indicated = MoneyText.Of(cashIn.Indicated),
        cashIn.ExpiresAt,
    };

    private static object Person(World world, Customer customer) => new
    {
        customer.Id,
        Name = Name(world, customer.Id),
        customer.ExternalId,
        customer.Active,
        Endorsements = customer.Endorsements.Select(endorsement => endorsement.View()),
        Wallets = world.Wallets.Values.Where(wallet => wallet.CustomerId == customer.Id).Select(wallet => wallet.Flat()),
        VirtualAccounts = world.VirtualAccounts.Values
            .Where(account => account.CustomerId == customer.Id)
            .Select(account => account.View()),
    };

    private static object Movement(World world, Transaction transaction) => new
    {
        transaction.Id,
        transaction.Type,
        transaction.Status,
        Customer = Name(world, transaction.CustomerId),
        From = $"{transaction.Source.AmountGross} {transaction.Source.Asset}",
        To = $"{transaction.Destination.AmountNet} {transaction.Destination.Asset}",
        Rail = transaction.Type == Transaction.FiatToCrypto
            ? transaction.PaymentRail ?? transaction.Source.Network
            : transaction.Destination.Network,
        transaction.IsHeld,
        Pickup = transaction.Pickup?.Code,
        Error = transaction.Error?.Code,
        CanReturn = transaction is { Type: Transaction.CryptoToFiat, Status: TransactionStatus.Completed, Pickup: null },
        CanRefund = transaction is { Error.Code: PayoutEnds.PickupExpired, Refunded: false },
        transaction.CreatedAt,
    };

    private static object Sent(Delivery delivery)
    {
        var last = delivery.Attempts.LastOrDefault();
        return new
        {
            delivery.Id,
            delivery.Event.Name,
            delivery.Event.ResourceId,
            delivery.State,
            delivery.CreatedAt,
            delivery.NextAttemptAt,
            Attempts = delivery.Attempts.Count,
            Outcome = last is null ? null : last.Error ?? last.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static string Name(World world, string customerId)
    {
        var customer = world.Customers[customerId];
        var name = $"{customer.FirstName} {customer.LastName}".Trim();
        return name.Length > 0 ? name : customer.ExternalId ?? "Unnamed";
    }
}
