namespace OmsWorkflows.FunctionsHost.Tests.Processes;

/// <summary>One host with the sample app for all tests of a class.</summary>
public sealed class SampleHost : IAsyncLifetime
{
    internal HostProcess Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await HostProcess.StartAsync();

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}
