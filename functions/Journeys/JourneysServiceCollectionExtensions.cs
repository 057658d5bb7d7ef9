using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Journeys;

/// <summary>Registers what all journeys share.</summary>
public static class JourneysServiceCollectionExtensions
{
    /// <summary>Adds the intake rows, the start of journeys and their commands. Needs the app's tables and Data Protection.</summary>
    public static IServiceCollection AddJourneys(this IServiceCollection services)
    {
        services.AddSingleton<Intakes>();
        services.AddSingleton<JourneyStart>();
        services.AddSingleton<JourneyCommands>();
        services.AddSingleton<JourneySearch>();
        return services;
    }
}
