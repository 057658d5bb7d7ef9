using System.Net;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>The access token (docs/oms-api.md 2).</summary>
public sealed class TokenTests
{
    private const string CustomerId = "cst_01kt7jrjg0fe8r4h0sywah9cxv";

    private static readonly string Customer = Fixture.Text("resources/customer.active.json");

    [Fact]
    public async Task Calls_many_at_once_share_one_exchange()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Customer));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => oms.Client.GetCustomerAsync(CustomerId, default)));

        oms.Stub.Exchanges.Should().ContainSingle().Which.Authorization.Should().BeNull("the key is exchanged, never sent as a bearer");
        oms.Stub.Calls.Should().HaveCount(20).And.OnlyContain(call => call.Authorization == "Bearer token-1");
    }

    [Fact]
    public async Task Token_sixty_seconds_before_its_end_is_exchanged_again()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Customer));

        await oms.Client.GetCustomerAsync(CustomerId, default);
        oms.Time.Advance(TimeSpan.FromSeconds(3530));
        await oms.Client.GetCustomerAsync(CustomerId, default);
        oms.Time.Advance(TimeSpan.FromSeconds(10));
        await oms.Client.GetCustomerAsync(CustomerId, default);

        oms.Stub.Calls.Select(call => call.Authorization).Should().Equal("Bearer token-1", "Bearer token-1", "Bearer token-2");
    }

    [Fact]
    public async Task Call_answered_401_exchanges_once_and_repeats_once()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.Unauthorized, Fixture.Text("errors/401.token_expired.json")),
            OmsStub.Json(HttpStatusCode.Created, Fixture.Text("resources/cash-in.pending.json")));

        var cashIn = await oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default);

        cashIn.Status.Should().Be(CashInStatus.Pending);
        oms.Stub.Calls.Select(call => (call.Authorization, call.IdempotencyKey)).Should().Equal(
            ("Bearer token-1", "wf:ci"), ("Bearer token-2", "wf:ci"));
        oms.Stub.Calls[1].Body.Should().Equal(oms.Stub.Calls[0].Body);
    }

    [Fact]
    public async Task Call_answered_401_twice_is_no_answer()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.Unauthorized, Fixture.Text("errors/401.token_expired.json")));

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCustomerAsync(CustomerId, default));

        (silent.Silence.Cause, silent.Silence.Status, silent.Silence.Route).Should().Be(
            ("credentials_refused", 401, "GET /customers/{id}"));
        oms.Stub.Calls.Should().HaveCount(2);
        oms.Stub.Exchanges.Should().HaveCount(2);
    }

    [Fact]
    public async Task Calls_many_answered_401_share_the_new_exchange()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => context.Request.Headers.Authorization == "Bearer token-1"
            ? OmsStub.Json(HttpStatusCode.Unauthorized, "{}")(context)
            : OmsStub.Json(HttpStatusCode.OK, Customer)(context);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => oms.Client.GetCustomerAsync(CustomerId, default)));

        oms.Stub.Exchanges.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(401, """{"code":"unauthorized"}""", "credentials_refused")]
    [InlineData(401, "<html>canary</html>", "credentials_refused")]
    [InlineData(403, """{"code":"forbidden"}""", "credentials_refused")]
    [InlineData(403, "<html>canary</html>", "credentials_refused")]
    [InlineData(400, """{"code":"validation_error"}""", "credentials_refused")]
    [InlineData(404, "<html>canary</html>", "gateway_page")]
    [InlineData(429, "{}", "rate_limited")]
    public async Task Exchange_not_granted_is_no_answer_whatever_the_status(int status, string body, string cause)
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Token = OmsStub.Json((HttpStatusCode)status, body);

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (silent.Silence.Cause, silent.Silence.Status, silent.Silence.Route).Should().Be((cause, status, "POST /auth/token"));
        silent.Message.Contains("Oms:ApiKey", StringComparison.Ordinal).Should().Be(cause == "credentials_refused");
        oms.Stub.Exchanges.Should().HaveCount(cause == "credentials_refused" ? 1 : 2);
        oms.Stub.Calls.Should().BeEmpty();
        oms.Failures.Should().Equal($"no_answer {cause} POST /auth/token");
        string.Join('\n', oms.Logs).Should().NotContainAny("canary_key", "canary-secret");
    }

    [Theory]
    [InlineData(""" "expiresIn":3600 """, 3540)]
    [InlineData(""" "expiresIn":"3600" """, 3540)]
    [InlineData(""" "expiresIn":3600.0,"tokenType":"Bearer" """, 3540)]
    [InlineData(""" "tokenType":"BEARER","expiresIn":null,"expiresAt":"2026-06-10T15:00:00Z" """, 3540)]
    [InlineData(""" "expiresIn":"soon","expiresAt":"2026-06-10T17:00:00+02:00" """, 3540)]
    [InlineData(""" "expiresIn":-1,"expiresAt":"2026-06-10T15:00:00.123456789Z","tokenType":null """, 3540)]
    [InlineData(""" "expiresIn":60 """, 30)]
    [InlineData(""" "expiresIn":[],"expiresAt":{} """, 240)]
    [InlineData(""" "expiresIn":0,"expiresAt":"2020-01-01T00:00:00Z" """, 240)]
    [InlineData(""" "expiresIn":1e30 """, 240)]
    [InlineData(""" "expiresIn":9999999999999 """, 86340)]
    [InlineData(""" "expiresAt":"9999-12-31T23:59:59Z" """, 240)]
    public async Task Token_of_any_said_life_is_used_for_as_long_as_that_can_be_meant(string members, int seconds)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 6, 10, 14, 0, 0, TimeSpan.Zero));
        await using var oms = await OmsHarness.StartOnAsync(clock);
        oms.Stub.Token = OmsStub.Json(HttpStatusCode.OK, $$"""{"accessToken":"t-{{seconds}}","scope":[[]],{{members}}}""");
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Customer));

        await oms.Client.GetCustomerAsync(CustomerId, default);
        clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        await oms.Client.GetCustomerAsync(CustomerId, default);
        oms.Stub.Exchanges.Should().ContainSingle();
        clock.Advance(TimeSpan.FromSeconds(1.2));
        await oms.Client.GetCustomerAsync(CustomerId, default);

        oms.Stub.Exchanges.Should().HaveCount(2);
        oms.Stub.Calls.Should().OnlyContain(call => call.Authorization == $"Bearer t-{seconds}");
    }

    [Theory]
    [InlineData("""{"expiresIn":3600}""")]
    [InlineData("""{"accessToken":"","expiresIn":3600}""")]
    [InlineData("""{"accessToken":"two words","expiresIn":3600}""")]
    [InlineData("""{"accessToken":"line\nbreak","expiresIn":3600}""")]
    [InlineData("""{"accessToken":7,"expiresIn":3600}""")]
    [InlineData("""{"accessToken":"t","tokenType":"mac","expiresIn":3600}""")]
    [InlineData("""{"accessToken":"t","accessToken":"u","expiresIn":3600}""")]
    [InlineData("""{"accessToken":"t","error":{"code":"internal"}}""")]
    [InlineData("null")]
    [InlineData("<html>canary</html>")]
    [InlineData("")]
    public async Task Token_that_is_none_is_no_answer(string body)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Token = OmsStub.Json(HttpStatusCode.OK, body);

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCustomerAsync(CustomerId, default));

        (silent.Silence.Cause, silent.Silence.Route).Should().Be(("unreadable", "POST /auth/token"));
        oms.Stub.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Exchange_stalls_ends_for_all_who_wait_and_the_next_call_starts_a_new_one()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var oms = await OmsHarness.StartOnAsync(clock, ("Oms:RetryAttempts", "1"), ("Oms:RetryDelay", "00:00:00"));
        using var stalled = new SemaphoreSlim(0);
        var token = oms.Stub.Token;
        oms.Stub.Token = OmsStub.Stall(stalled);
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Customer));

        Task<Customer>[] waiting = [.. Enumerable.Range(0, 5).Select(_ => oms.Client.GetCustomerAsync(CustomerId, default))];
        for (var attempt = 0; attempt < 2; attempt++)
        {
            (await stalled.WaitAsync(Limits.Wait)).Should().BeTrue();
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        foreach (var call in waiting)
        {
            var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => call);
            (silent.Silence.Cause, silent.Silence.Route).Should().Be(("time_out", "POST /auth/token"));
        }

        oms.Stub.Exchanges.Should().HaveCount(2);
        oms.Stub.Token = token;
        (await oms.Client.GetCustomerAsync(CustomerId, default)).Id.Should().Be(CustomerId);
    }

    [Fact]
    public async Task Exchange_fails_once_is_repeated()
    {
        await using var oms = await OmsHarness.StartAsync();
        var token = oms.Stub.Token;
        var first = true;
        oms.Stub.Token = context =>
        {
            if (!first)
            {
                return token(context);
            }

            first = false;
            return OmsStub.Json(HttpStatusCode.ServiceUnavailable, Fixture.Text("errors/503.provider_unavailable.json"))(context);
        };
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Customer));

        await oms.Client.GetCustomerAsync(CustomerId, default);

        oms.Stub.Exchanges.Should().HaveCount(2);
        oms.Stub.Exchanges[1].Body.Should().Equal(oms.Stub.Exchanges[0].Body);
    }

    [Fact]
    public async Task Exchange_one_caller_leaves_the_others_still_get_the_token()
    {
        await using var oms = await OmsHarness.StartAsync();
        var (asked, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var token = oms.Stub.Token;
        oms.Stub.Token = async context =>
        {
            asked.TrySetResult();
            await go.Task;
            await token(context);
        };
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Customer));
        using var leaves = new CancellationTokenSource();

        var left = oms.Client.GetCustomerAsync(CustomerId, leaves.Token);
        var stays = oms.Client.GetCustomerAsync(CustomerId, default);
        await asked.Task;
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        go.SetResult();

        (await stays).Id.Should().StartWith("cst_");
        oms.Stub.Exchanges.Should().ContainSingle();
    }
}
