using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>Repetitions, waits and time limits (docs/oms-api.md 3.1, 3.4).</summary>
public sealed class RetryTests
{
    private const string CashInId = "ci_01kt7jrjg0f1bahgjdyw12t9sj";

    private static readonly string Pending = Fixture.Text("resources/cash-in.pending.json");
    private static readonly string Unavailable = Fixture.Text("errors/503.provider_unavailable.json");

    [Fact]
    public async Task Every_attempt_is_measured_by_call_and_status()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(
            OmsStub.Json(HttpStatusCode.BadGateway, "{}"), OmsStub.Cut(),
            OmsStub.Json(HttpStatusCode.OK, """{ "id": "wlt_measured", "deleted": true }"""));

        await oms.Client.DeleteWebhookAsync("whk_measured", default);

        oms.Attempts.Should().Equal(
            "POST /auth/token 200", "DELETE /webhooks/{id} 502", "DELETE /webhooks/{id} no answer", "DELETE /webhooks/{id} 200");
    }

    [Fact]
    public async Task Post_repeated_has_the_same_key_and_the_same_bytes()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "3"));
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.ServiceUnavailable, Unavailable), OmsStub.Cut(),
            OmsStub.Json(HttpStatusCode.Conflict, Fixture.Text("errors/409.idempotency_in_progress.json")),
            OmsStub.Json(HttpStatusCode.Created, Pending));

        var cashIn = await oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default);

        cashIn.Id.Should().StartWith("ci_");
        oms.Stub.Calls.Should().HaveCount(4).And.OnlyContain(call => call.IdempotencyKey == "wf:ci");
        oms.Stub.Calls.Should().OnlyContain(call => call.Body.SequenceEqual(oms.Stub.Calls[0].Body) && call.Body.Length > 0);
    }

    [Fact]
    public async Task Refresh_has_no_body_but_a_key()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Fixture.Text("resources/cash-in.refreshed.json")));

        var refreshed = await oms.Client.RefreshCashInAsync(CashInId, "wf:ci-refresh-2", default);

        refreshed.DepositInstructions!.Code.Should().Be("715 06624");
        oms.Stub.Calls.Single().Should().BeEquivalentTo(
            new Received("POST", $"/v0.9/cash-ins/{CashInId}/refresh", "", "Bearer token-1", "wf:ci-refresh-2", []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ключ")]
    [InlineData("line\nbreak")]
    public async Task Post_unusable_key_is_not_sent(string key)
    {
        await using var oms = await OmsHarness.StartAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, key, default));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => oms.Client.CreateCashInAsync(Requests.CashIn, new string('k', 256), default));

        oms.Stub.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Patch_failed_is_not_repeated()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.ServiceUnavailable, Unavailable));

        var silent =
            await Assert.ThrowsAsync<OmsNoAnswerException>(
                () => oms.Client.UpdateCustomerAsync("cst_1", new CustomerUpdate { Email = "a@b.test" }, default));

        oms.Stub.Calls.Should().ContainSingle().Which.Method.Should().Be("PATCH");
        silent.Silence.Should().Be(new OmsSilence("server_error", null, "PATCH /customers/{id}", 503, "req_example_provider_unavailable"));
    }

    [Fact]
    public async Task Retry_after_short_is_waited_out()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(RateLimited("1"), OmsStub.Json(HttpStatusCode.OK, Pending));
        var clock = Stopwatch.StartNew();

        await oms.Client.GetCashInAsync(CashInId, default);

        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(900));
        oms.Stub.Calls.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("3600", 3600)]
    [InlineData(" 3600 ", 3600)]
    [InlineData("3600.5", 3601)]
    [InlineData("3600.0", 3600)]
    [InlineData("86401", 86400)]
    [InlineData("99999999999999999999", 86400)]
    [InlineData("2147483648", 86400)]
    [InlineData("99999999999999999999999999999999999.5", 86400)]
    [InlineData("2026-06-10T15:00:00Z", 3600)]
    [InlineData("Wed, 10 Jun 2099 15:00:00 GMT", 86400)]
    [InlineData("Wednesday, 10-Jun-26 15:00:00 GMT", 3600)]
    [InlineData("Wed, 10 Jun 2026 15:00:00 GMT", 3600)]
    public async Task Retry_after_long_is_left_to_the_caller(string value, int seconds)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(RateLimited(value));

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        silent.Silence.Should().Be(
            new OmsSilence("rate_limited", TimeSpan.FromSeconds(seconds), "POST /cash-ins", 429, "req_example_rate_limited"));
        oms.Stub.Calls.Should().ContainSingle();
    }

    [Fact]
    public async Task Retry_after_said_twice_is_the_longer_one()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context =>
        {
            context.Response.Headers.RetryAfter = new(["60", "soon", "120"]);
            return OmsStub.Json(HttpStatusCode.TooManyRequests, Fixture.Text("errors/429.rate_limited.json"))(context);
        };

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync(CashInId, default));

        silent.Silence.RetryAfter.Should().Be(TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData("Wed, 10 Jun 2020 15:00:00 GMT")]
    [InlineData("-0.5")]
    [InlineData("1e9")]
    [InlineData("Infinity")]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("")]
    public async Task Retry_after_of_the_past_or_unreadable_is_no_wait(string value)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(RateLimited(value), OmsStub.Json(HttpStatusCode.OK, Pending));

        await oms.Client.GetCashInAsync(CashInId, default);

        oms.Stub.Calls.Should().HaveCount(2);
    }

    [Fact]
    public async Task Retry_after_on_any_answer_that_does_not_count_is_handed_on()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context =>
        {
            context.Response.Headers.RetryAfter = "120";
            return OmsStub.Page(HttpStatusCode.Forbidden)(context);
        };

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync(CashInId, default));

        (silent.Silence.Cause, silent.Silence.RetryAfter).Should().Be(("gateway_page", TimeSpan.FromMinutes(2)));
        oms.Stub.Calls.Should().ContainSingle();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_that_stalls_before_or_in_its_body_ends_with_its_attempt(bool inBody)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var oms = await OmsHarness.StartOnAsync(clock, ("Oms:RetryAttempts", "1"), ("Oms:RetryDelay", "00:00:00"));
        using var stalled = new SemaphoreSlim(0);
        oms.Stub.Answer = inBody ? OmsStub.Stall(stalled) : context =>
        {
            stalled.Release();
            return OmsStub.Silence()(context);
        };

        var call = oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            (await stalled.WaitAsync(Limits.Wait)).Should().BeTrue();
            call.IsCompleted.Should().BeFalse();
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        (await Assert.ThrowsAsync<OmsNoAnswerException>(() => call)).Silence.Should().Be(
            new OmsSilence("time_out", null, "POST /cash-ins", null, null));
        oms.Stub.Calls.Should().HaveCount(2).And.OnlyContain(call => call.IdempotencyKey == "wf:ci");
    }

    [Fact]
    public async Task Answer_that_stalls_once_is_read_at_the_second_attempt()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var oms = await OmsHarness.StartOnAsync(clock, ("Oms:RetryDelay", "00:00:00"));
        using var stalled = new SemaphoreSlim(0);
        oms.Stub.Script(OmsStub.Stall(stalled), OmsStub.Json(HttpStatusCode.Created, Pending));

        var call = oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default);
        await stalled.WaitAsync(Limits.Wait);
        clock.Advance(TimeSpan.FromSeconds(5));

        (await call).Status.Should().Be(CashInStatus.Pending);
    }

    [Fact]
    public async Task Call_whatever_its_attempts_do_ends_with_the_total()
    {
        await using var oms =
            await OmsHarness.StartAsync(
                null, ("Oms:AttemptTimeout", "00:00:01"), ("Oms:TotalTimeout", "00:00:01"), ("Oms:RetryAttempts", "10"));
        oms.Stub.Answer = OmsStub.Stall();

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync(CashInId, default));

        silent.Silence.Cause.Should().Be("time_out");
        oms.Stub.Calls.Should().HaveCountLessThan(5, "it would be eleven without the total");
    }

    [Fact]
    public async Task List_whose_pages_drag_on_ends_with_the_total()
    {
        await using var oms =
            await OmsHarness.StartAsync(
                null, ("Oms:AttemptTimeout", "00:00:01"), ("Oms:TotalTimeout", "00:00:01"), ("Oms:RetryAttempts", "10"));
        var pages = 0;
        oms.Stub.Answer = async context =>
        {
            if (++pages > 2)
            {
                await OmsStub.Silence()(context);
            }

            await OmsStub.Json(HttpStatusCode.OK, $$"""{"data":[],"hasMore":true,"nextCursor":"c{{pages}}"}""")(context);
        };

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.ListWalletsAsync("cst_1", default));

        silent.Silence.Cause.Should().Be("time_out");
        oms.Stub.Calls.Should().HaveCountLessThan(7, "it would be thirteen without the total");
    }

    [Fact]
    public async Task Connection_cut_is_no_answer()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Script(OmsStub.Cut());

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        silent.Silence.Cause.Should().Be("connection_lost");
        oms.Stub.Calls.Should().HaveCount(2);
    }

    [Fact]
    public async Task Body_cut_short_is_no_answer_and_tried_again()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(
            async context =>
            {
                context.Response.ContentLength = 900;
                await context.Response.WriteAsync("{\"id\":\"ci_1\"");
                await context.Response.Body.FlushAsync();
                context.Abort();
            },
            OmsStub.Json(HttpStatusCode.OK, Pending));

        (await oms.Client.GetCashInAsync(CashInId, default)).Id.Should().Be(CashInId);
    }

    [Fact]
    public async Task Body_without_end_is_unreadable()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = OmsStub.Raw(HttpStatusCode.OK, new byte[5 * 1024 * 1024]);

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync(CashInId, default));

        silent.Silence.Cause.Should().Be("unreadable");
    }

    [Fact]
    public async Task Body_wrongly_packed_is_unreadable()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return OmsStub.Json(HttpStatusCode.OK, Pending)(context);
        };

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync(CashInId, default));

        silent.Silence.Cause.Should().Be("unreadable");
    }

    [Fact]
    public async Task Post_cut_and_then_refused_is_refused()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Cut(), OmsStub.Json(HttpStatusCode.UnprocessableEntity, Fixture.Text("errors/422.limit_exceeded.json")));

        var refused = await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        refused.Code.Should().Be("limit_exceeded");
    }

    [Fact]
    public async Task Post_nobody_listens_is_unreachable()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var free = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        await using var oms = await OmsHarness.StartAsync($"http://127.0.0.1:{free}", ("Oms:RetryAttempts", "1"));

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        silent.Silence.Should().Be(new OmsSilence("unreachable", null, "POST /auth/token", null, null));
    }

    [Fact]
    public async Task Calls_too_many_fail_are_not_made_for_a_while()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryDelay", "00:00:00"));
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.ServiceUnavailable, Unavailable));

        OmsNoAnswerException silent;
        var calls = 0;
        do
        {
            silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync("ci_1", default));
        }
        while (silent.Silence.Cause != "circuit_open" && ++calls < 200);
        var made = oms.Stub.Calls.Count;
        silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        silent.Silence.Cause.Should().Be("circuit_open");
        silent.Silence.RetryAfter.Should().BePositive();
        oms.Stub.Calls.Should().HaveCount(made);
    }

    [Fact]
    public async Task Caller_cancels_is_not_an_OMS_failure()
    {
        await using var oms = await OmsHarness.StartAsync();
        var asked = new TaskCompletionSource();
        oms.Stub.Answer = context =>
        {
            asked.TrySetResult();
            return OmsStub.Silence()(context);
        };
        using var cancel = new CancellationTokenSource();

        var call = oms.Client.GetCashInAsync("ci_1", cancel.Token);
        await asked.Task;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        oms.Failures.Should().BeEmpty();
    }

    private static RequestDelegate RateLimited(string retryAfter) => context =>
    {
        context.Response.Headers.RetryAfter = retryAfter;
        context.Response.Headers.Date = "Wed, 10 Jun 2026 14:00:00 GMT";
        return OmsStub.Json(HttpStatusCode.TooManyRequests, Fixture.Text("errors/429.rate_limited.json"))(context);
    };
}
