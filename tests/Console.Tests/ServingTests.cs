using System.Net;

namespace OmsWorkflows.Console.Tests;

[Collection(Grounds.Rest)]
public sealed class ServingTests(Ground ground) : IDisposable
{
    private readonly HttpClient _anybody = new(new HttpClientHandler { AllowAutoRedirect = false })
    {
        BaseAddress = new(ground.Machine.App.Url),
    };

    public static TheoryData<string, string> Files => new()
    {
        { "/api/console", "text/html" },
        { "/api/console/console.css", "text/css" },
        { "/api/console/app.js", "text/javascript" },
        { "/api/console/api.js", "text/javascript" },
        { "/api/console/docs.html", "text/html" },
        { "/api/openapi.json", "application/json" },
    };

    [Theory, MemberData(nameof(Files))]
    public async Task File_AskedForWithoutAKey_IsServedWithAStrictPolicy(string path, string contentType)
    {
        using var answer = await _anybody.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.Should().Be(contentType);
        answer.Headers.CacheControl!.NoCache.Should().BeTrue();
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.Should().Contain("default-src 'none'").And.Contain("script-src 'self'")
            .And.Contain("frame-ancestors 'none'").And.NotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
    }

    [Theory, MemberData(nameof(Files))]
    public async Task File_ThatTheBrowserHas_IsNotSentAgain(string path, string contentType)
    {
        using var first = await _anybody.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await _anybody.SendAsync(request, TestContext.Current.CancellationToken);

        second.StatusCode.Should().Be(HttpStatusCode.NotModified, "{0} did not change", contentType);
    }

    [Theory]
    [InlineData("/api/console/nothing.js")]
    [InlineData("/api/console/..%2Fhost.json")]
    [InlineData("/api/console/ConsoleFile.cs")]
    public async Task File_ThatIsNoneOfTheConsole_IsNotFound(string path)
    {
        using var answer = await _anybody.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Page_WithASlashAtTheEnd_LeadsToTheOneWithout()
    {
        using var answer = await _anybody.GetAsync(new Uri("/api/console/", UriKind.Relative), TestContext.Current.CancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.Found);
        answer.Headers.Location!.OriginalString.Should().Be("/api/console");
    }

    public void Dispose() => _anybody.Dispose();
}
