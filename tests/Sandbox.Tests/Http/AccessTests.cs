using System.Net;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Http;

/// <summary>Tokens, rate limits, request ids (docs/oms-api.md 2, 3.3, 3.4).</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task Without_a_token_nothing_is_served()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        sandbox.Http.DefaultRequestHeaders.Authorization = null;
        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        sandbox.Http.DefaultRequestHeaders.Authorization = new("Bearer", "a.b.c");
        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Revoked_key_gets_no_new_token_while_the_old_one_runs_on()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/keys", new { revoked = true });
        (await sandbox.TryPostAsync("/auth/token", new { apiKey = "sk_sdbx_local", apiSecret = "local-sandbox" })).StatusCode
            .Should().Be(HttpStatusCode.Unauthorized);
        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Tokens_can_be_ended_by_hand()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/tokens/expire");
        using var answer = await sandbox.Http.GetAsync("/v0.9/customers");
        (await answer.JsonAsync()).Text("code").Should().Be("token_expired");
        await sandbox.SignInAsync();
        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Calls_over_the_limit_wait_for_the_next_second()
    {
        await using var sandbox = await SandboxHost.StartAsync(("RateLimit", "2"));
        using var first = await sandbox.Http.GetAsync("/v0.9/customers");
        first.Headers.GetValues("X-RateLimit-Remaining").Should().Equal("1");
        await sandbox.Http.GetAsync("/v0.9/customers");
        using var third = await sandbox.Http.GetAsync("/v0.9/customers");
        third.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        third.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        third.Headers.GetValues("X-RateLimit-Limit").Should().Equal("2");
        sandbox.Time.Advance(TimeSpan.FromSeconds(1));
        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
