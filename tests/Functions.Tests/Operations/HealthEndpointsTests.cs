using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Operations;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Operations;

public sealed class HealthEndpointsTests(Azurite azurite) : IAsyncLifetime
{
    private readonly JourneyRecorder _journeys = new();
    private OmsHarness _oms = null!;
    private AppTables _tables = null!;

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _tables = await azurite.TablesAsync();
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task Health_EverythingAnswers_IsReady_AndOmsIsNotAskedEachTime()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        var functions = new HealthEndpoints(Probe(_tables));
        for (var i = 0; i < 3; i++)
        {
            var answer = await Asked.AskAsync("", request => functions.Health(request, _journeys.Client));
            answer.Status.Should().Be(200);
            answer.Read<bool>("ready").Should().BeTrue();
        }

        _oms.Stub.Calls.Should().ContainSingle();
    }

    [Theory]
    [InlineData("tables")]
    [InlineData("engine")]
    [InlineData("oms")]
    public async Task Health_OneThingDown_Is503AndSaysWhich(string down)
    {
        _oms.Stub.Answer = OmsStub.Json(
            down == "oms" ? HttpStatusCode.NotImplemented : HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        if (down == "engine")
            _journeys.ReadFailure = new IOException("engine down");
        var probe = Probe(down == "tables" ? azurite.Tables("Never") : _tables);
        var answer = await Asked.AskAsync("", request => new HealthEndpoints(probe).Ready(request, _journeys.Client));
        answer.Status.Should().Be(503);
        answer.Body["checks"]!.AsArray().Where(check => !(bool)check!["ok"]!).Select(check => (string)check!["name"]!).Should().Equal(down);
    }

    [Fact]
    public async Task Live_NeedsNothing()
    {
        var answer = await Asked.AskAsync("", request => Task.FromResult(HealthEndpoints.Live(request)));
        answer.Status.Should().Be(200);
    }

    private HealthProbe Probe(AppTables probed)
        => new(probed, _oms.Client, new FakeTimeProvider(Events.Start), NullLogger<HealthProbe>.Instance);
}
