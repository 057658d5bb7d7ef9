using System.Net;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Faults;

/// <summary>Calls that are refused, cut off, or answered late.</summary>
public sealed class ApiFaultTests
{
    [Fact]
    public async Task Status_strikes_as_often_as_told_and_only_where_it_matches()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync(
            "/faults",
            new { fault = "status", status = 503, retryAfter = 7, times = 2, match = new { method = "POST", path = "/customers" } });
        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.OK);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await sandbox.TryPostAsync("/customers", new { type = "individual" }, "k");
            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(7));
        }
        (await sandbox.TryPostAsync("/customers", new { type = "individual" }, "k")).StatusCode.Should().Be(HttpStatusCode.Created);
        (await sandbox.SimGetAsync("/faults")).At("data")[0].At("struck").GetInt32().Should().Be(2);
    }

    [Theory]
    [InlineData("cutBefore", 0)]
    [InlineData("cutAfter", 1)]
    public async Task Cut_connection_leaves_the_effect_or_not(string fault, int customers)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault, match = new { method = "POST", path = "/customers" } });
        var call = () => sandbox.TryPostAsync("/customers", new { type = "individual" }, "k");
        await call.Should().ThrowAsync<HttpRequestException>();
        (await sandbox.GetAsync("/customers")).At("data").GetArrayLength().Should().Be(customers);

        using var retry = await call();
        retry.StatusCode.Should().Be(HttpStatusCode.Created);
        retry.Headers.Contains("Idempotent-Replayed").Should().Be(customers == 1);
        (await sandbox.GetAsync("/customers")).At("data").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Server_error_after_the_effect_is_replayed_as_success()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "status", status = 500, after = true, match = new { method = "POST" } });
        (await sandbox.TryPostAsync("/customers", new { type = "individual" }, "k")).StatusCode
            .Should().Be(HttpStatusCode.InternalServerError);
        using var retry = await sandbox.TryPostAsync("/customers", new { type = "individual" }, "k");
        retry.Headers.GetValues("Idempotent-Replayed").Should().Equal("true");
    }

    [Fact]
    public async Task Slow_answer_waits_for_the_clock()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "slowAnswer", delay = "00:00:30", match = new { path = "/customers" } });
        var answer = sandbox.Http.GetAsync("/v0.9/customers");
        await sandbox.StruckAsync();
        answer.IsCompleted.Should().BeFalse();
        await sandbox.AdvanceRealTimeUntilAsync(answer, TimeSpan.FromSeconds(30));
        (await answer).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{\"fault\":\"explode\"}", "fault")]
    [InlineData("{\"fault\":\"status\"}", "status")]
    [InlineData("{\"fault\":\"3\"}", "fault")]
    [InlineData("{\"fault\":\"delay\"}", "delay")]
    [InlineData("{\"fault\":\"edit\"}", "replace")]
    [InlineData("{\"fault\":\"garble\"}", "bom")]
    [InlineData("{\"fault\":\"stall\",\"drip\":true}", "drip")]
    [InlineData("{\"fault\":\"answer\",\"text\":\"\",\"base64\":\"\"}", "json")]
    [InlineData("{\"fault\":\"answer\",\"base64\":\"%\"}", "base64")]
    [InlineData("{\"fault\":\"status\",\"status\":503,\"times\":\"often\"}", "times")]
    [InlineData("{\"fault\":\"status\",\"status\":503,\"code\":\"\\ud83d\"}", "code")]
    [InlineData("{\"fault\":\"drop\",\"time\":3}", "time")]
    [InlineData("{\"fault\":\"drop\",\"match\":{\"evnt\":\"a\"}}", "match.evnt")]
    [InlineData("{\"fault\":\"drop\",\"match\":{\"path\":\"/cash-ins\"}}", "match.path")]
    [InlineData("{\"fault\":\"cutAfter\",\"match\":{\"customerId\":\"cst_1\"}}", "match.customerId")]
    [InlineData("{\"fault\":\"hold\",\"match\":{\"event\":\"cashIn.created\"}}", "match.event")]
    [InlineData("{\"fault\":\"cutBefore\",\"match\":{\"where\":{\"status\":\"x\"}}}", "match.where")]
    [InlineData("[{\"fault\":\"drop\",\"probability\":2}]", "probability")]
    public async Task Wrong_script_is_refused_by_name(string script, string field)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var answer = await sandbox.Http.PostAsync("/_sim/faults", new StringContent(script));
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).At("details")[0].Text("field").Should().EndWith(field);
        (await sandbox.SimGetAsync("/faults")).At("data").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task A_fault_can_let_calls_pass_first_and_strike_for_ever()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync(
            "/faults", new { fault = "status", status = 503, skip = 2, times = "always", match = new { path = "/customers" } });

        var statuses = new List<int>();
        for (var call = 0; call < 5; call++)
            statuses.Add((int)(await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode);

        statuses.Should().Equal(200, 200, 503, 503, 503);
    }

    [Fact]
    public async Task A_fault_can_last_for_a_time()
    {
        await using var sandbox = await SandboxHost.StartAsync(("TokenLifetime", "1.00:00:00"));
        await sandbox.SimAsync("/faults", new { fault = "status", status = 503, lasts = "02:00:00" });

        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(119));
        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await sandbox.SimGetAsync("/faults")).At("data")[0].At("inForce").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task The_token_exchange_can_be_struck_like_any_call()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "status", status = 403, match = new { method = "POST", path = "/auth/token" } });

        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await sandbox.TryPostAsync("/auth/token", new { apiKey = "a", apiSecret = "b" })).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Faults_can_be_taken_back()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var ids = (await sandbox.SimAsync("/faults", new[] { new { fault = "cutBefore" }, new { fault = "cutAfter" } })).At("faults");
        await sandbox.Http.DeleteAsync($"/_sim/faults/{ids[0].GetString()}");
        (await sandbox.SimGetAsync("/faults")).At("data").GetArrayLength().Should().Be(1);
        await sandbox.Http.DeleteAsync("/_sim/faults");
        (await sandbox.Http.GetAsync("/v0.9/customers")).StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
