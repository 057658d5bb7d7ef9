using System.Net;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>What a refused call says (docs/oms-api.md 3.3).</summary>
public sealed class ErrorTests
{
    public static TheoryData<string> Fixtures
        => new(Fixture.Names("errors").Where(name => !name.StartsWith("401", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Refusal_every_fixture_is_one_typed_exception(string name)
    {
        var (status, code) = (int.Parse(name.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture), name.Split('.')[1]);
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Script(OmsStub.Json((HttpStatusCode)status, Fixture.Text($"errors/{name}")));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        var passes = status is 429 or 500 or 503 || code == "idempotency_in_progress";
        ((int?)failure.StatusCode, failure.Code, failure.RequestId).Should().Be((status, code, $"req_example_{code}"));
        failure.IsRetryable.Should().Be(passes);
        oms.Stub.Calls.Should().HaveCount(passes ? 2 : 1);
        failure.Message.Should().Be($"OMS answered {status} {code} to POST /cash-ins (request req_example_{code}).");
    }

    [Fact]
    public async Task Refusal_with_details_names_the_fields()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.BadRequest, Fixture.Text("errors/400.validation_error.json")));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        failure.Details.Should().Equal(new OmsErrorDetail("destination.wallet", "exactly one member is required"));
        failure.ToString().Should().NotContain("exactly one member");
    }

    [Theory]
    [InlineData("""{"error":{"code":"limit_exceeded","message":"x","requestId":"req_1"}}""", "limit_exceeded", "req_1")]
    [InlineData(
        """{"type":"https://oms.example/problems/limit_exceeded","title":"t","status":422,"errors":{"amount":["too much"]}}""",
        "limit_exceeded",
        null)]
    [InlineData("""{"message":"provider account not provisioned"}""", "provider_account_not_provisioned", null)]
    [InlineData("""<html>canary ana.reyes@example.test</html>""", "http_422", null)]
    [InlineData("""{"code":"canary: ana.reyes@example.test is not ours"}""", "http_422", null)]
    [InlineData("[]", "http_422", null)]
    [InlineData("", "http_422", null)]
    public async Task Refusal_AnyBody_IsReadWithoutItsText(string body, string code, string? requestId)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.UnprocessableEntity, body));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.GetCashInAsync("ci_1", default));

        (failure.Code, failure.RequestId).Should().Be((code, requestId));
        failure.ToString().Should().NotContain("canary");
        string.Join('\n', oms.Logs).Should().NotContain("canary:").And.NotContain("ana.reyes");
    }

    [Fact]
    public async Task Request_id_not_in_the_body_is_taken_from_the_header()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context =>
        {
            context.Response.Headers["X-Request-Id"] = "req_header";
            return OmsStub.Json(HttpStatusCode.NotFound, """{"code":"not_found"}""")(context);
        };

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.GetWebhookAsync("whk_1", default));

        failure.RequestId.Should().Be("req_header");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Id_that_cannot_be_one_is_not_sent(string id)
    {
        await using var oms = await OmsHarness.StartAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => oms.Client.GetCashInAsync(id, default));

        oms.Stub.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Id_with_a_slash_stays_one_segment()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.NotFound, "{}"));

        await Assert.ThrowsAsync<OmsException>(() => oms.Client.GetCashInAsync("ci_1/refresh?x=1", default));

        oms.Stub.Calls.Single().Path.Should().Be("/v0.9/cash-ins/ci_1%2Frefresh%3Fx=1");
        oms.Stub.Calls.Single().Query.Should().BeEmpty();
    }

    [Fact]
    public async Task Logs_of_a_customers_creation_hold_no_personal_data_and_no_token()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(
            HttpStatusCode.UnprocessableEntity, """{"code":"validation_error","message":"ana.reyes@example.test"}"""),
            OmsStub.Json(HttpStatusCode.OK, Fixture.Text("resources/customers.list.json")));

        await Assert.ThrowsAsync<OmsException>(() => oms.Client.CreateCustomerAsync(Requests.Customer, "wf:cst", default));
        var found = await oms.Client.FindCustomersAsync("user-000871", default);

        found.Should().NotBeEmpty();
        oms.Logs.Should().NotBeEmpty();
        string.Join('\n', oms.Logs).Should()
            .NotContainAny("Reyes", "reyes", "900-00", "24th St", "5550142", "user-000871", "token-1", "canary");
    }
}
