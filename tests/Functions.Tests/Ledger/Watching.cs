using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Ledger;

/// <summary>What watches over settlements, with a book of deposits that nobody listens to unless told.</summary>
internal static class Watching
{
    public static SettlementWatch For(OmsClient oms, SettlementLedger ledger, params IDepositListener[] listeners)
        => new(oms, ledger, Book(oms, ledger, listeners));

    public static DepositBook Book(OmsClient oms, SettlementLedger ledger, params IDepositListener[] listeners)
        => new(oms, ledger, listeners, new FixedOptions<OmsOptions>(new()));
}
