using System.Net;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Conformance;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Durable;

/// <summary>
/// Behaviours of tests/Conformance once more: the tasks in the published worker, the published extension in the host, and the test itself
/// as their client. One host for all.
/// </summary>
public sealed class BehaviourTests(BehaviourTests.App app) : IClassFixture<BehaviourTests.App>
{
    public static TheoryData<string> Behaviours => [.. Behaviour.ThroughHost.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Behaviours))]
    public async Task Behaviour_ThroughHostAndWorker_IsAsInProcess(string name)
    {
        using var chosen = await app.Host.PostAsync($"/behaviours/{name}");
        chosen.StatusCode.Should().Be(HttpStatusCode.OK);

        await Behaviour.ThroughHost[name].RunAsync(app.Client);
    }

    [Fact]
    public void Behaviours_ThroughHost_AreAThirdOfThem()
    {
        var tests = typeof(Behaviour).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods());
        var all = tests.Count(method => method.IsDefined(typeof(FactAttribute), inherit: false));

        Behaviour.ThroughHost.Count.Should().BeGreaterThanOrEqualTo(all / 3);
    }

    public sealed class App : IAsyncLifetime
    {
        private GrpcChannel? _channel;

        internal HostProcess Host { get; private set; } = null!;

        internal DurableTaskClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Host = await HostProcess.StartAsync(app: HostProcess.App("Behaviours"));
            var engine = JsonNode.Parse(await Host.Http.GetStringAsync("/client"))!["rpcBaseUrl"]!.GetValue<string>();
            _channel = GrpcChannel.ForAddress(engine);
            var options = new GrpcDurableTaskClientOptions { Channel = _channel };
            Client = new GrpcDurableTaskClient("behaviours", options, NullLogger.Instance);
        }

        public async ValueTask DisposeAsync()
        {
            if (_channel is not null)
                await Client.DisposeAsync();
            _channel?.Dispose();
            await Host.DisposeAsync();
        }
    }
}
