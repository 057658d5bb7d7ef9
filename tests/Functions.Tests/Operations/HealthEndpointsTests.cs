using System.Net;
using System.Reflection;
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
        await _tables.CreateAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task Health_everything_answers_is_ready_and_neither_OMS_nor_the_engine_is_asked_each_time()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        var functions = new HealthEndpoints(Probe(_tables));
        for (var i = 0; i < 3; i++)
        {
            var answer = await Asked.AskAsync("", request => functions.Health(request, _journeys.Client));
            answer.Status.Should().Be(200);
            answer.As<HealthReport>().Ready.Should().BeTrue();
        }

        _oms.Stub.Calls.Should().ContainSingle();
        _journeys.Started.Should().ContainSingle();
    }

    [Fact]
    public async Task Ready_asked_by_several_at_once_tries_the_engine_once_even_if_the_first_goes_away()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        var probe = Probe(_tables);
        _journeys.StartWaits = new TaskCompletionSource();
        using var gone = new CancellationTokenSource();

        var first = probe.CheckAsync(_journeys.Client, gone.Token);
        var others = Enumerable.Range(0, 20).Select(_ => probe.CheckAsync(_journeys.Client, CancellationToken.None)).ToArray();
        await gone.CancelAsync();
        _journeys.StartWaits.SetResult();

        (await Task.WhenAll(others)).Should().OnlyContain(report => report.Ready, "the same id twice at a time is refused by the engine");
        _journeys.Started.Should().ContainSingle();
        await first.Awaiting(report => report).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Ready_asks_the_engine_to_store_the_same_instance_again_after_a_while()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        var clock = new FakeTimeProvider(Events.Start);
        var functions = new HealthEndpoints(Probe(_tables, clock));

        await Asked.AskAsync("", request => functions.Ready(request, _journeys.Client));
        clock.Advance(TimeSpan.FromSeconds(15));
        await Asked.AskAsync("", request => functions.Ready(request, _journeys.Client));
        _journeys.StartFailure = new IOException("the file was removed");
        clock.Advance(TimeSpan.FromSeconds(15));
        var answer = await Asked.AskAsync("", request => functions.Ready(request, _journeys.Client));

        _journeys.Started.Should().HaveCount(2).And.OnlyContain(id => id == _journeys.Started.First());
        answer.Status.Should().Be(503);
    }

    [Fact]
    public async Task Ready_tables_that_can_be_read_but_not_written_is_503()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        var tables = await azurite.TablesAsync();
        await tables.CreateAsync(CancellationToken.None);
        await tables.Leases.DeleteAsync();

        var answer = await Asked.AskAsync("", request => new HealthEndpoints(Probe(tables)).Ready(request, _journeys.Client));

        answer.Status.Should().Be(503);
        answer.As<HealthReport>().Checks.Where(check => !check.Ok).Select(check => check.Name).Should().Equal("tables");
    }

    [Theory]
    [InlineData("tables")]
    [InlineData("engine")]
    [InlineData("oms")]
    public async Task Health_one_thing_down_is_503_and_says_which(string down)
    {
        _oms.Stub.Answer = OmsStub.Json(
            down == "oms" ? HttpStatusCode.NotImplemented : HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        if (down == "engine")
            _journeys.StartFailure = new IOException("database or disk is full");
        var probe = Probe(down == "tables" ? azurite.Tables("Never") : _tables);
        var answer = await Asked.AskAsync("", request => new HealthEndpoints(probe).Ready(request, _journeys.Client));

        answer.Status.Should().Be(503);
        answer.As<HealthReport>().Checks.Where(check => !check.Ok).Select(check => check.Name).Should().Equal(down);
    }

    [Fact]
    public async Task Live_needs_nothing_and_says_what_the_app_was_built_from()
    {
        var answer = await Asked.AskAsync("", request => Task.FromResult(HealthEndpoints.Live(request)));
        answer.Status.Should().Be(200);
        var version = typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        version.Should().MatchRegex(@"\+[0-9a-f]{40}$", "the smoke test of a deployment looks for the commit");
        answer.Body["commit"]!.GetValue<string>().Should().Be(version[^40..]);
    }

    [Fact]
    public async Task Ready_TablesThatWereNeverSetUp_Is503()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, """{"data":[],"hasMore":false}""");
        var existing = await azurite.TablesAsync();
        var answer = await Asked.AskAsync("", request => new HealthEndpoints(Probe(existing)).Ready(request, _journeys.Client));
        answer.Status.Should().Be(503, "an instance that could not look after them may miss some");
    }

    private HealthProbe Probe(AppTables probed, TimeProvider? clock = null)
        => new(probed, _oms.Client, clock ?? new FakeTimeProvider(Events.Start), NullLogger<HealthProbe>.Instance);
}
