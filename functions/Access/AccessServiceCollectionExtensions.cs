using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Access;

/// <summary>Registers who may call what.</summary>
public static class AccessServiceCollectionExtensions
{
    /// <summary>Adds the rules that the gate before every function goes by.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services) => services.AddSingleton(AccessTable.Rules);
}
