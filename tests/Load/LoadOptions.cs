using OmsWorkflows.Local.AppHost;

namespace OmsWorkflows.Load;

/// <summary>What a run is made of.</summary>
/// <param name="CashIns">How many, each by a person OMS does not know yet.</param>
/// <param name="Waves">How many times people come: the next start when the last ones are all booked.</param>
/// <param name="Clients">How many callers there are at a time.</param>
/// <param name="Store">What keeps orchestrations.</param>
/// <param name="Hosts">How many hosts run the app on the same tables and task hub; more than one needs <see cref="Store.Azurite"/>.</param>
/// <param name="Kills">How often a host and its worker are killed, one host after the other.</param>
/// <param name="OpenFiles">How many files a host, and its worker, may open at a time; as many as this process when null.</param>
internal sealed record LoadOptions(int CashIns, int Waves, int Clients, Store Store, int Hosts, int Kills, int? OpenFiles)
{
    /// <summary>What every person pays in, USD.</summary>
    public const decimal Amount = 120.00m;
}
