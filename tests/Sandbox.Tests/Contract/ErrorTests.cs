using System.Net;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Contract;

/// <summary>Every error of the fixtures, by what causes it.</summary>
public sealed class ErrorTests
{
    private static readonly Dictionary<string, Func<SandboxHost, Task<HttpResponseMessage>>> Causes = new()
    {
        ["400.idempotency_key_required"] = sandbox => sandbox.Http.PostAsync("/v0.9/customers", new StringContent("{}")),
        ["400.validation_error"] = async sandbox =>
        {
            var (customer, wallet) = await sandbox.ReadyAsync();
            var request = SandboxHost.CashInRequest(customer, wallet);
            request["destination"]!["wallet"]!["blockchainAddress"] = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";
            return await sandbox.TryPostAsync("/cash-ins", request);
        },
        ["401.token_expired"] = async sandbox =>
        {
            await sandbox.AdvanceAsync(TimeSpan.FromHours(1));
            return await sandbox.Http.GetAsync("/v0.9/customers");
        },
        ["401.unauthorized"] = sandbox => sandbox.TryPostAsync("/auth/token", new { apiKey = "sk_sdbx_local", apiSecret = "wrong" }),
        ["403.endorsement_required"] = async sandbox =>
        {
            var (customer, wallet) = await sandbox.ReadyAsync();
            await sandbox.SimAsync("/endorsements", new { decision = "revoke", customerId = customer, endorsements = new[] { "usd" } });
            return await sandbox.TryPostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        },
        ["403.forbidden"] = sandbox => RefusedAsync(sandbox, 403, null),
        ["404.not_found"] = sandbox => sandbox.Http.GetAsync("/v0.9/cash-ins/ci_unknown"),
        ["409.idempotency_in_progress"] = sandbox => RefusedAsync(sandbox, 409, "idempotency_in_progress"),
        ["409.idempotency_key_reused"] = async sandbox =>
        {
            await sandbox.TryPostAsync("/customers", Fixture.Request("customer.create"), "same");
            return await sandbox.TryPostAsync("/customers", Fixture.Request("customer.create-minimal"), "same");
        },
        ["409.invalid_state"] = async sandbox =>
        {
            var cashIn = await sandbox.CashInAsync();
            await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
            await sandbox.SettleAsync();
            return await sandbox.TryPostAsync($"/cash-ins/{cashIn.Text("id")}/refresh");
        },
        ["422.compliance_hold"] = sandbox => RefusedAsync(sandbox, 422, "compliance_hold"),
        ["422.compliance_required"] = sandbox => RefusedAsync(sandbox, 422, "compliance_required"),
        ["422.customer_inactive"] = async sandbox =>
        {
            var (customer, wallet) = await sandbox.ReadyAsync();
            await sandbox.SimAsync($"/customers/{customer}/status", new { status = "inactive" });
            return await sandbox.TryPostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        },
        ["422.insufficient_funds"] = async sandbox
            => await sandbox.TryPostAsync("/transactions", new { quoteId = (await QuoteAsync(sandbox)).Text("id") }),
        ["422.limit_exceeded"] = async sandbox =>
        {
            var (customer, wallet) = await sandbox.ReadyAsync();
            return await sandbox.TryPostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet, "500.01"));
        },
        ["422.provider_account_not_provisioned"] = async sandbox =>
        {
            var customer = await sandbox.CustomerAsync(request: "customer.create-minimal");
            var wallet = await sandbox.WalletAsync(customer.Text("id"));
            return await sandbox.Http.GetAsync($"/v0.9/wallets/{wallet.Text("id")}/balance");
        },
        ["422.quote_expired"] = async sandbox =>
        {
            var quote = await QuoteAsync(sandbox);
            await sandbox.AdvanceAsync(TimeSpan.FromMinutes(5));
            return await sandbox.TryPostAsync("/transactions", new { quoteId = quote.Text("id") });
        },
        ["422.unsupported_asset"] = async sandbox =>
        {
            var customer = await sandbox.CustomerAsync();
            return await sandbox.TryPostAsync($"/customers/{customer.Text("id")}/wallets", new { asset = "usdc", chain = "solana" });
        },
        ["429.rate_limited"] = sandbox => RefusedAsync(sandbox, 429, null),
        ["500.internal_error"] = sandbox => RefusedAsync(sandbox, 500, null),
        ["503.provider_unavailable"] = sandbox => RefusedAsync(sandbox, 503, null),
    };

    public static TheoryData<string> Fixtures => [.. Fixture.Names("errors")];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Error_of_the_fixture_is_given(string name)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var answer = await Causes[name](sandbox);

        var (expected, actual) = (Fixture.Read($"errors/{name}.json"), await answer.JsonAsync());
        ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be(name.Split('.')[0]);
        Shape.Differences(expected, actual).Should().BeEmpty();
        actual.Text("code").Should().Be(expected.Text("code"));
        actual.Text("message").Should().Be(expected.Text("message"));
        if (expected.TryGetProperty("details", out var details))
            actual.At("details")[0].ToString().Should().Be(Compact(details[0]));
        answer.Headers.GetValues("X-Request-Id").Should().Equal(actual.Text("requestId"));
    }

    [Fact]
    public async Task Validation_names_every_wrong_member()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var answer = await sandbox.TryPostAsync(
            "/cash-ins",
            new { customerId = "wlt_1", source = new { asset = "usd", indicatedAmount = 100 }, destination = new { asset = "usdc" } });
        (await answer.JsonAsync()).At("details").EnumerateArray().Select(detail => detail.Text("field")).Should().BeEquivalentTo(
            "customerId", "source.indicatedAmount", "destination.wallet", "destination.network", "cash.locationId",
            "cash.locationReference");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_is_no_JSON_object_is_refused(string body)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v0.9/customers") { Content = new StringContent(body) };
        request.Headers.Add("Idempotency-Key", "k");
        using var answer = await sandbox.Http.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.JsonAsync()).Text("code").Should().Be("validation_error");
    }

    private static string Compact(System.Text.Json.JsonElement element) => System.Text.Json.JsonSerializer.Serialize(element);

    private static async Task<HttpResponseMessage> RefusedAsync(SandboxHost sandbox, int status, string? code)
    {
        await sandbox.SimAsync(
            "/faults", new[] { new { fault = "status", status, code, match = new { method = "GET", path = "/customers" } } });
        return await sandbox.Http.GetAsync("/v0.9/customers");
    }

    private static async Task<System.Text.Json.JsonElement> QuoteAsync(SandboxHost sandbox)
    {
        var (customer, wallet) = await sandbox.ReadyAsync();
        var request = Fixture.Request("quote.create");
        (request["customerId"], request["source"]!["walletId"]) = (customer, wallet);
        return await sandbox.PostAsync("/quotes", request);
    }
}
