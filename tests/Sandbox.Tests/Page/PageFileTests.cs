using System.Net;
using System.Net.Http.Json;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Page;

/// <summary>What a browser is given, and who may steer from a browser.</summary>
public sealed class PageFileTests
{
    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/page/app.js", "text/javascript; charset=utf-8")]
    [InlineData("/page/sandbox.css", "text/css; charset=utf-8")]
    [InlineData("/page/icon.svg", "image/svg+xml")]
    public async Task Files_come_with_a_policy_that_lets_nothing_else_in(string path, string contentType)
    {
        await using var sandbox = await SandboxHost.StartAsync();

        using var answer = await sandbox.Http.GetAsync(path);

        answer.Content.Headers.ContentType!.ToString().Should().Be(contentType);
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith(
            "default-src 'none'; script-src 'self'").And.NotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
    }

    [Theory]
    [InlineData("/page/nothing.js")]
    [InlineData("/page/..%2FSandbox.csproj")]
    public async Task Nothing_else_is_served(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync();

        (await sandbox.Http.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Another_site_open_in_the_same_browser_cannot_steer()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.CustomerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_sim/reset") { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Origin", "https://elsewhere.example");

        using var refused = await sandbox.Http.SendAsync(request);

        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await sandbox.GetAsync("/customers")).At("data").GetArrayLength().Should().Be(1);
    }
}
