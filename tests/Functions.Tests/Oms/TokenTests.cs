using System.Net;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>The access token (docs/oms-api.md 2).</summary>
public sealed class TokenTests
{
    private static readonly string Customer = Fixture.Text("resources/customer.active.json");

    [Fact]
    public async Task Calls_many_at_once_share_one_exchange()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Customer));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => oms.Client.GetCustomerAsync("cst_1", default)));

        oms.Stub.Exchanges.Should().ContainSingle().Which.Authorization.Should().BeNull("the key is exchanged, never sent as a bearer");
        oms.Stub.Calls.Should().HaveCount(20).And.OnlyContain(call => call.Authorization == "Bearer token-1");
    }

    [Fact]
    public async Task Token_sixty_seconds_before_its_end_is_exchanged_again()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Customer));

        await oms.Client.GetCustomerAsync("cst_1", default);
        oms.Time.Advance(TimeSpan.FromSeconds(3530));
        await oms.Client.GetCustomerAsync("cst_1", default);
        oms.Time.Advance(TimeSpan.FromSeconds(10));
        await oms.Client.GetCustomerAsync("cst_1", default);

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
        oms.Stub.Calls.Select(call => (call.Authorization, call.IdempotencyKey)).Should()
            .Equal(("Bearer token-1", "wf:ci"), ("Bearer token-2", "wf:ci"));
        oms.Stub.Calls[1].Body.Should().Equal(oms.Stub.Calls[0].Body);
    }

    [Fact]
    public async Task Call_answered_401_twice_gives_up()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.Unauthorized, Fixture.Text("errors/401.token_expired.json")));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.GetCustomerAsync("cst_1", default));

        failure.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        failure.IsRetryable.Should().BeFalse();
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

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => oms.Client.GetCustomerAsync("cst_1", default)));

        oms.Stub.Exchanges.Should().HaveCount(2);
    }

    [Fact]
    public async Task Exchange_wrong_key_says_so_and_is_not_repeated()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Token = OmsStub.Json(HttpStatusCode.Unauthorized, Fixture.Text("errors/401.unauthorized.json"));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        failure.Code.Should().Be("key_refused");
        failure.Message.Should().Contain("Oms:ApiKey").And.Contain("Oms:ApiSecret");
        (failure.IsRetryable, failure.IsAmbiguous).Should().Be((false, false));
        oms.Stub.Exchanges.Should().ContainSingle();
        oms.Stub.Calls.Should().BeEmpty();
        string.Join('\n', oms.Logs).Should().NotContainAny("canary_key", "canary-secret");
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
                return token(context);
            first = false;
            return OmsStub.Json(HttpStatusCode.ServiceUnavailable, Fixture.Text("errors/503.provider_unavailable.json"))(context);
        };
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.OK, Customer));

        await oms.Client.GetCustomerAsync("cst_1", default);

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

        var left = oms.Client.GetCustomerAsync("cst_1", leaves.Token);
        var stays = oms.Client.GetCustomerAsync("cst_2", default);
        await asked.Task;
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        go.SetResult();

        (await stays).Id.Should().StartWith("cst_");
        oms.Stub.Exchanges.Should().ContainSingle();
    }
}
