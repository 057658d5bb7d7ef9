using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Settings;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>Registers the ledger of settlements.</summary>
public static class LedgerServiceCollectionExtensions
{
    /// <summary>Adds the ledger, what watches over it, and reconciliation. Needs the app's tables and OMS client.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.AddOptions<LedgerOptions>().BindSettings(LedgerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SettlementLedger>();
        services.AddTransient<DepositBook>();
        services.AddTransient<SettlementWatch>();
        services.AddTransient<OpenTransactions>();
        services.AddTransient<Reconciliation>();
        services.AddTransient<ReconciliationAlarm>();
        services.AddTransient<IIndexedTable, IndexedSettlements>();
        return services;
    }
}
