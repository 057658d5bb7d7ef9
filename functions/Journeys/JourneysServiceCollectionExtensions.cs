using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Http;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>Registers what all journeys share.</summary>
public static class JourneysServiceCollectionExtensions
{
    /// <summary>
    /// Adds the intake rows, the start of journeys and their commands, and has activities answer money as text. Needs the app's tables and
    /// Data Protection.
    /// </summary>
    public static IServiceCollection AddJourneys(this IServiceCollection services)
    {
        services.Configure<JsonSerializerOptions>(json => json.Converters.Add(new MoneyText()));
        services.AddSingleton<Intakes>();
        services.AddSingleton<JourneyStart>();
        services.AddSingleton<JourneyCommands>();
        services.AddSingleton<JourneySearch>();
        services.AddSingleton<JourneyLists>();
        services.AddTransient<IIndexedTable, IndexedIntakes>();
        services.AddSingleton<JourneyReader>();
        services.AddSingleton<IJourneyDirectory, JourneyDirectory>();
        return services;
    }
}
