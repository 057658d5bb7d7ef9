using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>
/// Repetitions, time-outs and what is known after a failure (docs/decisions/0003-idempotency-keys.md, 6; docs/oms-api.md 3.1, 3.4).
/// </summary>
public sealed class RetryTests
{
    private static readonly string Pending = Fixture.Text("resources/cash-in.pending.json");
    private static readonly string Unavailable = Fixture.Text("errors/503.provider_unavailable.json");

    [Fact]
    public async Task Every_attempt_is_measured_by_call_and_status()
    {
        var measured = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                if (instrument.Name == "oms_workflows.oms.calls")
                    meters.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>(
            (_, _, tags, _) => measured.Enqueue(string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
        listener.Start();
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(
            OmsStub.Json(HttpStatusCode.BadGateway, "{}"),
            OmsStub.Cut(),
            OmsStub.Json(HttpStatusCode.OK, """{ "id": "wlt_measured", "deleted": true }"""));

        await oms.Client.DeleteWebhookAsync("whk_measured", default);

        measured.Should().Contain(["DELETE /webhooks/{id} 502", "DELETE /webhooks/{id} no answer", "DELETE /webhooks/{id} 200"]);
    }

    [Fact]
    public async Task Post_repeated_has_the_same_key_and_the_same_bytes()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.ServiceUnavailable, Unavailable), OmsStub.Cut(),
            OmsStub.Json(
                HttpStatusCode.Conflict,
                Fixture.Text("errors/409.idempotency_in_progress.json")), OmsStub.Json(HttpStatusCode.Created, Pending));

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

        var refreshed = await oms.Client.RefreshCashInAsync("ci_1", "wf:ci-refresh-2", default);

        refreshed.DepositInstructions!.Code.Should().Be("715 06624");
        oms.Stub.Calls.Single().Should().BeEquivalentTo(
            new { Method = "POST", Path = "/v0.9/cash-ins/ci_1/refresh", IdempotencyKey = "wf:ci-refresh-2", Body = Array.Empty<byte>() });
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

        var failure = await Assert.ThrowsAsync<OmsException>(
            () => oms.Client.UpdateCustomerAsync("cst_1", new CustomerUpdate { Email = "a@b.test" }, default));

        oms.Stub.Calls.Should().ContainSingle().Which.Method.Should().Be("PATCH");
        (failure.IsRetryable, failure.IsAmbiguous).Should().Be((true, true));
    }

    [Fact]
    public async Task Retry_after_short_is_waited_out()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(RateLimited(1), OmsStub.Json(HttpStatusCode.OK, Pending));
        var clock = Stopwatch.StartNew();

        await oms.Client.GetCashInAsync("ci_1", default);

        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(900));
        oms.Stub.Calls.Should().HaveCount(2);
    }

    [Fact]
    public async Task Retry_after_long_is_left_to_the_caller()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(RateLimited(3600));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        failure.RetryAfter.Should().Be(TimeSpan.FromHours(1));
        (failure.Code, failure.IsRetryable, failure.IsAmbiguous).Should().Be(("rate_limited", true, false));
        oms.Stub.Calls.Should().ContainSingle();
    }

    [Fact]
    public async Task Post_never_answered_is_ambiguous()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:AttemptTimeout", "00:00:00.250"), ("Oms:RetryAttempts", "1"));
        await WarmUpAsync(oms);
        oms.Stub.Script(OmsStub.Silence());

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (failure.Code, failure.IsRetryable, failure.IsAmbiguous).Should().Be(("no_answer", true, true));
        oms.Stub.Calls.Where(call => call.Method == "POST").Should().HaveCount(2).And.OnlyContain(call => call.IdempotencyKey == "wf:ci");
    }

    [Fact]
    public async Task Post_connection_cut_is_ambiguous_and_a_get_is_not()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Script(OmsStub.Cut());

        var post = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));
        var get = await Assert.ThrowsAsync<OmsException>(() => oms.Client.GetCashInAsync("ci_1", default));

        (post.Code, post.IsAmbiguous).Should().Be(("no_answer", true));
        (get.Code, get.IsRetryable, get.IsAmbiguous).Should().Be(("no_answer", true, false));
    }

    [Fact]
    public async Task Post_server_error_is_ambiguous()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.InternalServerError, Fixture.Text("errors/500.internal_error.json")));

        var failure = await Assert.ThrowsAsync<OmsException>(
            () => oms.Client.CreateWalletAsync("cst_1", new WalletRequest("usdc", "polygon"), "wf:wlt", default));

        (failure.Code, failure.IsRetryable, failure.IsAmbiguous).Should().Be(("internal_error", true, true));
    }

    [Fact]
    public async Task Post_cut_and_then_rate_limited_stays_ambiguous()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Script(OmsStub.Cut(), RateLimited(0));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (failure.Code, failure.IsAmbiguous).Should().Be(("rate_limited", true));
    }

    [Fact]
    public async Task Post_cut_and_then_refused_is_settled()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Cut(), OmsStub.Json(HttpStatusCode.UnprocessableEntity, Fixture.Text("errors/422.limit_exceeded.json")));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (failure.Code, failure.IsAmbiguous).Should().Be(("limit_exceeded", false));
    }

    [Fact]
    public async Task Post_unreadable_success_is_ambiguous()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.Created, """{"id": 7, "canary": true}"""));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (failure.Code, failure.IsRetryable, failure.IsAmbiguous).Should().Be(("unreadable_answer", true, true));
        failure.ToString().Should().NotContain("canary");
    }

    [Fact]
    public async Task Post_nobody_listens_is_not_ambiguous()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var free = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        await using var oms = await OmsHarness.StartAsync($"http://127.0.0.1:{free}", ("Oms:RetryAttempts", "1"));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (failure.Code, failure.IsRetryable, failure.IsAmbiguous).Should().Be(("unreachable", true, false));
    }

    [Fact]
    public async Task Calls_too_many_fail_are_not_made_for_a_while()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryDelay", "00:00:00"));
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.ServiceUnavailable, Unavailable));

        OmsException failure;
        var calls = 0;
        do
            failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.GetCashInAsync("ci_1", default));
        while (failure.Code != "circuit_open" && ++calls < 200);
        var made = oms.Stub.Calls.Count;
        failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (failure.Code, failure.IsRetryable, failure.IsAmbiguous).Should().Be(("circuit_open", true, false));
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
    }

    private static Microsoft.AspNetCore.Http.RequestDelegate RateLimited(int seconds) => context =>
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return OmsStub.Json(HttpStatusCode.TooManyRequests, Fixture.Text("errors/429.rate_limited.json"))(context);
    };

    /// <summary>Token and connection are there before a short time-out is put to the test.</summary>
    private static async Task WarmUpAsync(OmsHarness oms)
    {
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Pending));
        await oms.Client.GetCashInAsync("ci_1", default);
    }
}
