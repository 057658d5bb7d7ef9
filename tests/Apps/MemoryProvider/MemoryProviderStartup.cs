using DurableTask.Core;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Hosting;
using Microsoft.DurableTask.Testing.Sidecar;
using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.MemoryProvider;

[assembly: WebJobsStartup(typeof(MemoryProviderStartup))]

namespace OmsWorkflows.MemoryProvider;

/// <summary>Makes the provider <c>memory</c> known to a host.</summary>
public sealed class MemoryProviderStartup : IWebJobsStartup
{
    public void Configure(IWebJobsBuilder builder) => builder.Services.AddSingleton<IDurabilityProviderFactory, Factory>();

    private sealed class Factory : IDurabilityProviderFactory
    {
        private readonly Provider _provider = new(new InMemoryOrchestrationService());

        public string Name => "memory";

        public DurabilityProvider GetDurabilityProvider() => _provider;

        public DurabilityProvider GetDurabilityProvider(DurableClientAttribute attribute) => _provider;
    }

    private sealed class Provider(InMemoryOrchestrationService service) : DurabilityProvider("memory", service, service, "memory")
    {
        public override bool SupportsPollFreeWait => true;

        public override TimeSpan MaximumDelayTime { get; set; } = TimeSpan.MaxValue;

        public override TimeSpan LongRunningTimerIntervalLength { get; set; } = TimeSpan.MaxValue;

        public override async Task<IList<OrchestrationState>> GetOrchestrationStateWithInputsAsync(string instanceId, bool showInput = true)
            => await GetOrchestrationStateAsync(instanceId, null) is { } state ? [state] : [];

        public override void SetUseSeparateQueueForEntityWorkItems(bool newValue)
        {
        }
    }
}
