using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Ledger;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.BankDeposits;

/// <summary>Registers money from banks.</summary>
public static class BankDepositsServiceCollectionExtensions
{
    /// <summary>Has events about bank money looked at. Needs the ledger, the inbox and the OMS client.</summary>
    public static IServiceCollection AddBankDeposits(this IServiceCollection services)
    {
        services.AddSingleton<IDepositEvents, DepositEvents>();
        services.AddSingleton<IDepositListener, DepositNotifications>();
        return services;
    }
}
