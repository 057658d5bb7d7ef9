using System.Net;
using System.Text;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>Refused, or not an answer (docs/oms-api.md 3.3).</summary>
public sealed class ErrorTests
{
    private static readonly string[] Waits = ["idempotency_in_progress", "rate_limited", "internal_error", "provider_unavailable"];

    public static TheoryData<string> Fixtures
        => new(Fixture.Names("errors").Where(name => !name.StartsWith("401", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Documented_error_is_a_refusal_or_a_wait(string name)
    {
        var (status, code) = (int.Parse(name.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture), name.Split('.')[1]);
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Script(OmsStub.Json((HttpStatusCode)status, Fixture.Text($"errors/{name}")));

        var failure = await Assert.ThrowsAnyAsync<OmsException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (failure.Route, failure.Code, failure.RequestId).Should().Be(("POST /cash-ins", code, $"req_example_{code}"));
        if (Waits.Contains(code))
        {
            failure.Should().BeOfType<OmsNoAnswerException>().Which.Silence.Status.Should().Be(status);
            failure.StatusCode.Should().BeNull();
            oms.Stub.Calls.Should().HaveCount(2);
        }
        else
        {
            failure.Should().BeOfType<OmsRefusedException>().Which.StatusCode.Should().Be((HttpStatusCode)status);
            failure.Message.Should().Be($"OMS refused POST /cash-ins with {status} {code} (request req_example_{code}).");
            oms.Stub.Calls.Should().ContainSingle();
        }
    }

    [Theory]
    [InlineData(422, """{"error":{"code":"limit_exceeded","message":"x","requestId":"req_1"}}""", "limit_exceeded")]
    [InlineData(422, """{"error":{"code":"limit_exceeded"},"code":"limit_exceeded"}""", "limit_exceeded")]
    [InlineData(
        422, """{"type":"https://oms.example/problems/limit_exceeded","title":"t","status":422,"errors":{"amount":["too much"]}}""",
        "limit_exceeded")]
    [InlineData(422, """{"type":"about:blank","title":"t","status":422,"code":"limit_exceeded"}""", "limit_exceeded")]
    [InlineData(422, """{"message":"provider account not provisioned"}""", "provider_account_not_provisioned")]
    [InlineData(400, """{"code":"VALIDATION_ERROR"}""", "validation_error")]
    [InlineData(409, """{"code":"invalidState"}""", "invalid_state")]
    [InlineData(402, """{"code":"insufficient_funds"}""", "insufficient_funds")]
    [InlineData(422, """{"code":"velocity_exceeded","message":"new in v0.12"}""", "velocity_exceeded")]
    [InlineData(400, """{"code":"bad_cursor"}""", "bad_cursor")]
    [InlineData(404, """{"code":"cash_in_not_found"}""", "cash_in_not_found")]
    [InlineData(
        400, """{"title":"One or more validation errors occurred.","status":400,"errors":{"source.asset":["?"]}}""", "validation_error")]
    public async Task OwnErrorForm_OfA4xx_IsARefusal(int status, string body, string code)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json((HttpStatusCode)status, body));

        var refused = await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.GetCashInAsync("ci_1", default));

        (refused.StatusCode, refused.Code).Should().Be(((HttpStatusCode)status, code));
        oms.Stub.Calls.Should().ContainSingle();
    }

    [Theory]
    [InlineData(400, "<html>canary</html>", "gateway_page")]
    [InlineData(403, "<html>canary</html>", "gateway_page")]
    [InlineData(404, "<html>canary</html>", "gateway_page")]
    [InlineData(404, "", "gateway_page")]
    [InlineData(404, "{}", "gateway_page")]
    [InlineData(404, """{"message":"no Route matched with those values"}""", "gateway_page")]
    [InlineData(404, """{"error":"Not Found","status":404,"path":"/v0.9/cash-ins"}""", "gateway_page")]
    [InlineData(404, """{"error":{"code":404,"message":"canary","status":"NOT_FOUND"}}""", "gateway_page")]
    [InlineData(404, """{"type":"https://gateway.example/errors/not-here","title":"canary","status":404}""", "gateway_page")]
    [InlineData(404, """{"code":"route_not_found"}""", "unclear_refusal")]
    [InlineData(403, """{"code":"waf_blocked"}""", "unclear_refusal")]
    [InlineData(403, """{"type":"https://gateway.example/errors/1020/","title":"Access denied","status":403}""", "gateway_page")]
    [InlineData(422, """{"code":"limit_exceeded","status":503}""", "gateway_page")]
    [InlineData(422, """{"error":{"code":"limit_exceeded"},"code":"invalid_state"}""", "gateway_page")]
    [InlineData(422, """{"code":"canary: ana.reyes@example.test is not ours"}""", "gateway_page")]
    [InlineData(422, "[]", "gateway_page")]
    [InlineData(422, "\"limit_exceeded\"", "gateway_page")]
    [InlineData(422, """{"code":"limit_exceeded""", "gateway_page")]
    [InlineData(400, """{"code":"unauthorized"}""", "unclear_refusal")]
    [InlineData(409, """{"code":"idempotency_in_progress"}""", "try_later")]
    [InlineData(409, """{"code":"resource_locked"}""", "try_later")]
    [InlineData(408, """{"code":"validation_error"}""", "try_later")]
    [InlineData(425, """{"code":"validation_error"}""", "try_later")]
    [InlineData(429, """{"code":"limit_exceeded"}""", "rate_limited")]
    [InlineData(500, """{"code":"validation_error"}""", "server_error")]
    [InlineData(511, "<html>canary</html>", "server_error")]
    [InlineData(302, "<html>canary</html>", "gateway_page")]
    public async Task What_proves_no_refusal_is_no_answer(int status, string body, string cause)
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Script(OmsStub.Raw((HttpStatusCode)status, Encoding.UTF8.GetBytes(body)));

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync("ci_1", default));

        (silent.Silence.Cause, silent.Silence.Status, silent.Silence.Route).Should().Be((cause, status, "GET /cash-ins/{id}"));
        oms.Stub.Calls.Should().HaveCount(2, "what passes is tried again");
        silent.ToString().Should().NotContain("canary");
        string.Join('\n', oms.Logs).Should().NotContain("canary").And.NotContain("ana.reyes");
    }

    [Theory]
    [InlineData(403)]
    [InlineData(425)]
    public async Task Passing_obstacle_once_is_overcome(int status)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(
            OmsStub.Page((HttpStatusCode)status), OmsStub.Json(HttpStatusCode.Created, Fixture.Text("resources/cash-in.pending.json")));

        var cashIn = await oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default);

        cashIn.Status.Should().Be(CashInStatus.Pending);
        oms.Stub.Calls.Should().OnlyContain(call => call.IdempotencyKey == "wf:ci");
    }

    [Theory]
    [InlineData("""{"code":"validation_error","details":[{"field":"cash","issue":"Caf\ud83d"}]}""")]
    [InlineData("""{"code":"validation_error","message":"\ude00 \\ud83d","details":[{"field":"cash","issue":"\ud83d\u0041"}]}""")]
    [InlineData("\uFEFF" + """{"code":"validation_error","details":[{"field":"cash"}]}""")]
    [InlineData("""{"code":"validation_error","details":{"cash":"wrong"}}""")]
    [InlineData("""{"code":"validation_error","errors":[{"path":"cash"},{"path":"cash"},{"path":"Ana Reyes lives here"},7]}""")]
    public async Task Refusal_with_broken_or_other_details_names_its_fields(string body)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.BadRequest, body));

        var refused = await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (refused.Code, string.Join(' ', refused.Fields)).Should().Be(("validation_error", "cash"));
    }

    [Fact]
    public async Task Refusal_in_bytes_that_are_no_UTF8_is_still_one()
    {
        await using var oms = await OmsHarness.StartAsync();
        byte[] body =
            [.. "{\"code\":\"validation_error\",\"message\":\"Caf"u8, 0xE9, 0xED, 0xA0, 0xBD,
                .. "\",\"details\":[{\"field\":\"cash\"}]}"u8];
        oms.Stub.Script(OmsStub.Raw(HttpStatusCode.BadRequest, body, contentType: null));

        var refused = await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.CreateCashInAsync(Requests.CashIn, "wf:ci", default));

        (refused.Code, refused.Fields.Single()).Should().Be(("validation_error", "cash"));
    }

    [Fact]
    public async Task Not_found_only_in_OMSs_own_form_is_not_found()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Script(
            OmsStub.Json(HttpStatusCode.NotFound, Fixture.Text("errors/404.not_found.json")), OmsStub.Page(HttpStatusCode.NotFound));

        var own = await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.GetQuoteAsync("qt_1", default));
        var page = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetQuoteAsync("qt_1", default));

        own.IsNotFound.Should().BeTrue();
        page.StatusCode.Should().BeNull("who only looks at the status must not take the page for an answer");
    }

    [Fact]
    public async Task Request_id_not_in_the_body_is_taken_from_the_header_if_it_is_one()
    {
        await using var oms = await OmsHarness.StartAsync();
        var id = "req_header";
        oms.Stub.Answer = context =>
        {
            context.Response.Headers["X-Request-Id"] = id;
            return OmsStub.Json(HttpStatusCode.NotFound, """{"code":"not_found"}""")(context);
        };

        var plain = await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.GetWebhookAsync("whk_1", default));
        id = "Ana Reyes, 410 W 24th St";
        var text = await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.GetWebhookAsync("whk_1", default));

        (plain.RequestId, text.RequestId).Should().Be(("req_header", null));
    }

    [Fact]
    public async Task Every_failed_call_is_logged_once_and_counted_once()
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        oms.Stub.Script(
            OmsStub.Json(HttpStatusCode.NotFound, Fixture.Text("errors/404.not_found.json")),
            OmsStub.Json(HttpStatusCode.UnprocessableEntity, """{"code":"brand_new"}"""),
            OmsStub.Json(HttpStatusCode.OK, """{"id":"ci_1","status":"processing","destination":{"amountNet":"1e3"}}"""),
            OmsStub.Page(HttpStatusCode.Forbidden));

        await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.GetCashInAsync("ci_1", default));
        await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.GetCashInAsync("ci_1", default));
        await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync("ci_1", default));
        await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.GetCashInAsync("ci_1", default));

        oms.Failures.Should().Equal(
            "refused not_found GET /cash-ins/{id}", "refused other GET /cash-ins/{id}",
            "no_answer unreadable GET /cash-ins/{id}", "no_answer gateway_page GET /cash-ins/{id}");
        oms.Logs.Where(line => line.Split(' ')[0] is "1004" or "1005").Should().SatisfyRespectively(
            line => line.Should().Contain("OMS refused GET /cash-ins/{id}: status 404, code not_found, request req_example_not_found"),
            line => line.Should().Contain("status 422, code brand_new"),
            line => line.Should().Contain("unreadable ($.destination.amountNet), status 200"),
            line => line.Should().Contain("gateway_page (gateway_page), status 403"));
    }

    [Fact]
    public void Silence_in_a_history_comes_back_as_it_was()
    {
        var silence = new OmsSilence(OmsCause.RateLimited, TimeSpan.FromHours(30), "GET /cash-ins/{id}", 429, "req_1");

        System.Text.Json.JsonSerializer.Deserialize<OmsSilence>(System.Text.Json.JsonSerializer.Serialize(silence)).Should().Be(silence);
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
        oms.Stub.Script(OmsStub.Json(HttpStatusCode.NotFound, """{"code":"not_found"}"""));

        await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.GetCashInAsync("ci_1/refresh?x=1", default));

        oms.Stub.Calls.Single().Path.Should().Be("/v0.9/cash-ins/ci_1%2Frefresh%3Fx=1");
        oms.Stub.Calls.Single().Query.Should().BeEmpty();
    }

    [Fact]
    public async Task Logs_of_a_customers_creation_hold_no_personal_data_and_no_token()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(
            OmsStub.Json(HttpStatusCode.UnprocessableEntity, """{"code":"validation_error","message":"ana.reyes@example.test"}"""),
            OmsStub.Json(HttpStatusCode.OK, Fixture.Text("resources/customers.list.json")));

        await Assert.ThrowsAsync<OmsRefusedException>(() => oms.Client.CreateCustomerAsync(Requests.Customer, "wf:cst", default));
        var found = await oms.Client.FindCustomersAsync("user-000871", default);

        found.Should().NotBeEmpty();
        oms.Logs.Should().NotBeEmpty();
        string.Join('\n', oms.Logs).Should().NotContainAny(
            "Reyes", "reyes", "900-00", "24th St", "5550142", "user-000871", "token-1", "canary");
    }
}
