using System.Net;
using System.Text;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Http;

/// <summary>What a caller of an HTTP function sees; it is what the Functions host in Azure answers.</summary>
public sealed class HttpTests(SampleHost sample) : IClassFixture<SampleHost>
{
    private readonly HostProcess _host = sample.Host;

    [Theory]
    [InlineData("/v1/things/5", "number 5 none")]
    [InlineData("/v1/things/5/extra", "number 5 extra")]
    [InlineData("/v1/things/abc", "name abc")]
    public async Task Get_RouteWithConstraints_FindsTheFunctionAndFillsItsParameters(string path, string expected)
        => (await _host.Http.GetStringAsync(path)).Should().Be(expected);

    [Theory]
    [InlineData("GET", "/v1/things/a-b")]
    [InlineData("GET", "/v1/nowhere")]
    [InlineData("GET", "/open")]
    [InlineData("GET", "/")]
    [InlineData("DELETE", "/v1/open")]
    [InlineData("HEAD", "/v1/open")]
    [InlineData("OPTIONS", "/v1/open")]
    public async Task Send_UnknownRouteOrMethod_Is404WithoutBody(string method, string path)
    {
        using var response = await _host.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        response.Headers.Should().NotContain(header => header.Key == "Allow");
    }

    [Fact]
    public async Task Post_Body_ReachesTheFunctionAndItsAnswerComesBackAsItIs()
    {
        var body = new string('x', 300_000);

        using var response = await _host.PostAsync("/v1/echo", body);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        response.Headers.GetValues("X-Answered-By").Should().Equal("sample");
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
        (await response.Content.ReadAsStringAsync()).Should().Be(body);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PATCH")]
    public async Task Send_FunctionWithoutRouteAndMethods_IsFoundByItsNameWithAnyMethod(string method)
    {
        using var response = await _host.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/v1/WithoutRoute?a=b"));

        (await response.Content.ReadAsStringAsync()).Should().Be($"{method} {_host.Url}/v1/WithoutRoute?a=b");
    }

    [Fact]
    public async Task Get_HeaderBeyondAscii_ReachesTheFunctionAsItIs()
    {
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(_host.Url) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-Name", "Zoë €");

        using var response = await http.GetAsync("/v1/headers/x-name");

        (await response.Content.ReadAsStringAsync()).Should().Be("Zoë €");
    }

    [Fact]
    public async Task Get_FunctionRedirects_TheRedirectIsTheCallersToFollow()
    {
        using var response = await _host.GetAsync("/v1/redirect");

        response.StatusCode.Should().Be(HttpStatusCode.Redirect);
        response.Headers.Location.Should().Be(new Uri("http://elsewhere.example/"));
    }

    [Fact]
    public async Task Get_FunctionThrows_Is500WithoutBodyAndTheExceptionIsInTheLog()
    {
        using var response = await _host.GetAsync("/v1/throws");

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        await Until.TrueAsync("the log tells of it", () => _host.Output.Any(line => line.Contains("thrown on purpose")));
    }

    [Fact]
    public async Task Get_TraceParent_IsPassedOnAsW3CContext()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/trace");
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        request.Headers.Add("tracestate", "vendor=1");

        using var response = await _host.Http.SendAsync(request);

        var seen = await response.Content.ReadAsStringAsync();
        seen.Should().StartWith($"00-{trace}-").And.EndWith("vendor=1").And.NotContain("b7ad6b7169203331");
    }

    [Fact]
    public async Task Get_InvocationIdOfTheCaller_IsNotTaken()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/open");
        request.Headers.Add("x-ms-invocation-id", "mine");

        using var response = await _host.Http.SendAsync(request);

        (await response.Content.ReadAsStringAsync()).Should().Be("open");
    }

    [Fact]
    public async Task Get_CallerGoesAway_TheFunctionIsCancelled()
    {
        var (begun, until) = (Path.Combine(_host.Folder, "cancelled-begun"), Path.Combine(_host.Folder, "never"));
        using var caller = new CancellationTokenSource();
        var call = _host.Http.GetAsync($"/v1/slow?begun={begun}&until={until}", caller.Token);
        await Until.TrueAsync("the function has begun", () => File.Exists(begun));

        await caller.CancelAsync();

        await call.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        await Until.TrueAsync("the log tells that Slow was cancelled", () => _host.Output.Any(line => line.Contains("'Slow'")));
    }

    [Fact]
    public async Task Get_FunctionLogs_RecordsAndConsoleStandInTheHostsLogAsHostJsonSays()
    {
        using var response = await _host.GetAsync("/v1/logs");

        await Until.TrueAsync("the log has the record", () => _host.Output.Any(line => line.Contains("said to the log")));
        await Until.TrueAsync("the log has the console's line", () => _host.Output.Any(line => line.Contains("said to the console")));
        _host.Output.Should().NotContain(line => line.Contains("never shown"));
    }
}
