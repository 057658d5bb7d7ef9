using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Local.Sandbox.Auth;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Idempotency;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Idempotency;

/// <summary>docs/oms-api.md 3.1, as far as it goes.</summary>
public sealed class IdempotencyTests
{
    [Fact]
    public async Task Same_key_and_body_gives_the_first_answer_byte_for_byte_without_a_second_effect()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var first = await sandbox.TryPostAsync("/customers", Fixture.Request("customer.create"), "k");
        await sandbox.SettleAsync();
        using var again = await sandbox.TryPostAsync("/customers", Fixture.Request("customer.create"), "k");
        again.StatusCode.Should().Be(HttpStatusCode.Created);
        (await again.Content.ReadAsByteArrayAsync()).Should().Equal(await first.Content.ReadAsByteArrayAsync());
        first.Headers.Contains("Idempotent-Replayed").Should().BeFalse();
        again.Headers.GetValues("Idempotent-Replayed").Should().Equal("true");
        (await sandbox.GetAsync("/customers")).At("data").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Same_key_on_another_path_is_refused()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var cashIn = await sandbox.CashInAsync();
        await sandbox.TryPostAsync($"/cash-ins/{cashIn.Text("id")}/refresh", key: "k");
        using var other = await sandbox.TryPostAsync("/cash-ins/ci_other/refresh", key: "k");
        (await other.JsonAsync()).Text("code").Should().Be("idempotency_key_reused");
    }

    [Fact]
    public async Task Refusals_are_kept_and_keys_forgotten_after_a_day()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (customer, wallet) = await sandbox.ReadyAsync();
        await sandbox.SimAsync($"/customers/{customer}/status", new { status = "inactive" });
        var request = SandboxHost.CashInRequest(customer, wallet);
        (await sandbox.TryPostAsync("/cash-ins", request, "k")).StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        await sandbox.SimAsync($"/customers/{customer}/status", new { status = "active" });
        using var replayed = await sandbox.TryPostAsync("/cash-ins", request, "k");
        replayed.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);

        await sandbox.AdvanceAsync(TimeSpan.FromHours(24));
        await sandbox.SignInAsync();
        (await sandbox.TryPostAsync("/cash-ins", request, "k")).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(201, true)]
    [InlineData(422, true)]
    [InlineData(401, false)]
    [InlineData(408, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task Only_business_answers_are_kept(int status, bool kept)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var store = sandbox.Services.GetRequiredService<IdempotencyStore>();
        store.Begin("owner", "k", "hash").Should().BeNull();
        store.End("owner", "k", new StoredAnswer(status, null, []));
        (store.Begin("owner", "k", "hash") is not null).Should().Be(kept);
    }

    [Fact]
    public async Task While_the_first_runs_the_second_is_told_to_wait()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var store = sandbox.Services.GetRequiredService<IdempotencyStore>();
        store.Begin("owner", "k", "hash");
        var second = () => store.Begin("owner", "k", "hash");
        var refusal = second.Should().Throw<ApiException>().Which;
        (refusal.Code, refusal.RetryAfter).Should().Be(("idempotency_in_progress", TimeSpan.FromSeconds(1)));
        store.Begin("other owner", "k", "hash").Should().BeNull("keys belong to their owner");
    }

    [Fact]
    public async Task Key_must_be_printable_and_not_too_long()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        (string, HttpStatusCode)[] cases =
        [
            (new string('k', 255), HttpStatusCode.Created), (new string('k', 256), HttpStatusCode.BadRequest),
            ("tab\there", HttpStatusCode.BadRequest),
        ];
        foreach (var (key, status) in cases)
            (await sandbox.TryPostAsync("/customers", new { type = "individual" }, key)).StatusCode.Should().Be(status);
    }

    [Fact]
    public async Task What_a_caller_did_not_wait_for_is_remembered_all_the_same()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var store = sandbox.Services.GetRequiredService<IdempotencyStore>();
        using var gone = new CancellationTokenSource();
        var effects = 0;
        var keys = new IdempotencyKeys(
            async context =>
            {
                effects++;
                await gone.CancelAsync();
                await context.Response.WriteAsync("done", context.RequestAborted);
            },
            store);

        var first = () => keys.InvokeAsync(Call(gone.Token));
        await first.Should().ThrowAsync<OperationCanceledException>("there is nobody to answer");
        var retry = Call(CancellationToken.None);
        await keys.InvokeAsync(retry);
        (effects, retry.Response.Headers["Idempotent-Replayed"].ToString()).Should().Be((1, "true"));
    }

    private static DefaultHttpContext Call(CancellationToken aborted)
    {
        var context = new DefaultHttpContext { RequestAborted = aborted };
        (context.Request.Method, context.Request.Path) = ("POST", "/v0.9/customers");
        context.Request.Headers["Idempotency-Key"] = "k";
        context.Items[BearerTokens.OwnerKey] = "owner";
        context.Response.Body = new MemoryStream();
        return context;
    }
}
