using System.Net;
using System.Text;
using System.Text.Json;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Faults;

/// <summary>Answers that say something else than OMS would, or say it in another form.</summary>
public sealed class AnswerFaultTests
{
    [Theory]
    [InlineData(403, "403 Forbidden")]
    [InlineData(425, "425 Too Early")]
    [InlineData(502, "502 Bad Gateway")]
    [InlineData(504, "504 Gateway Timeout")]
    public async Task A_gateway_page_is_html_without_the_error_form(int status, string title)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "gatewayPage", status, match = new { method = "POST", path = "/customers" } });

        using var answer = await sandbox.TryPostAsync("/customers", new { type = "individual" }, "k");

        ((int)answer.StatusCode).Should().Be(status);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        (await answer.Content.ReadAsStringAsync()).Should().Contain(title);
        (await CustomersAsync(sandbox)).Should().Be(0);
    }

    [Fact]
    public async Task A_gateway_page_after_the_effect_hides_what_was_done()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync(
            "/faults", new { fault = "gatewayPage", status = 504, after = true, match = new { method = "POST", path = "/customers" } });

        using var answer = await sandbox.TryPostAsync("/customers", new { type = "individual" }, "k");

        answer.StatusCode.Should().Be(HttpStatusCode.GatewayTimeout);
        (await CustomersAsync(sandbox)).Should().Be(1);
        using var retry = await sandbox.TryPostAsync("/customers", new { type = "individual" }, "k");
        retry.Headers.GetValues("Idempotent-Replayed").Should().Equal("true");
    }

    [Fact]
    public async Task An_error_body_comes_under_200()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync(
            "/faults", new { fault = "answer", json = new { error = new { code = "internal" } }, match = new { path = "/customers" } });

        using var answer = await sandbox.Http.GetAsync("/v0.9/customers");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.JsonAsync()).Text("error.code").Should().Be("internal");
    }

    [Theory]
    [InlineData("""{"fault":"answer","status":400,"json":{"details":["Caf\ud83d"]}}""", """{"details":["Caf\ud83d"]}""")]
    [InlineData("""{"fault":"answer","text":"{\"a\":1,"}""", """{"a":1,""")]
    [InlineData("""{"fault":"answer","base64":"/w=="}""", "\u00ff")]
    public async Task A_body_is_sent_as_it_was_given(string fault, string body)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        (await ScriptAsync(sandbox, fault)).StatusCode.Should().Be(HttpStatusCode.OK);

        var sent = await (await sandbox.Http.GetAsync("/v0.9/customers")).Content.ReadAsByteArrayAsync();

        Encoding.Latin1.GetString(sent).Should().Be(body);
        (await sandbox.Http.GetStringAsync("/_sim/faults")).Should().Contain(fault, "the list shows faults as they were entered");
    }

    [Fact]
    public async Task Members_of_the_answer_are_replaced_removed_and_put_in()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await ScriptAsync(sandbox, """
            {"fault":"edit","match":{"method":"POST","path":"/auth/token"},
             "replace":{"expiresIn":"3600","unknown":1},"remove":["expiresAt"],"insert":{"scope":["a",2]}}
            """);

        var token = await sandbox.PostAsync("/auth/token", new { apiKey = "sk_sdbx_local", apiSecret = "local-sandbox" });

        token.Text("expiresIn").Should().Be("3600");
        token.TryGetProperty("unknown", out _).Should().BeFalse("what is not there cannot be replaced");
        token.TryGetProperty("expiresAt", out _).Should().BeFalse();
        token.At("scope").GetRawText().Should().Be("""["a",2]""");
    }

    [Theory]
    [InlineData("""{"replace":{"data.*.endorsements":["basic","usd","cryptoCustody"]}}""", "data.0.endorsements.2", "\"cryptoCustody\"")]
    [InlineData("""{"replace":{"/data/0/endorsements/0/status":"UNDER_REVIEW"}}""", "data.0.endorsements.0.status", "\"UNDER_REVIEW\"")]
    [InlineData("""{"replace":{"hasMore":true,"nextCursor":null}}""", "hasMore", "true")]
    [InlineData("""{"remove":["data.*"]}""", "data", "[]")]
    [InlineData("""{"insert":{"data.0":null}}""", "data.0", "null")]
    [InlineData("""{"insert":{"data.-":7}}""", "data.1", "7")]
    [InlineData("""{"replace":{"data.0.firstName":"Caf\ud83d"}}""", "data.0.firstName", "\"Caf\\ud83d\"")]
    public async Task Paths_lead_through_lists(string edit, string path, string value)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.CustomerAsync();
        await ScriptAsync(
            sandbox,
            $"{{\"fault\":\"edit\",{edit[1..]}");

        var list = await sandbox.GetAsync("/customers");

        path.Split('.').Aggregate(
            list, (inner, name) => inner.ValueKind == JsonValueKind.Array ? inner[int.Parse(name)] : inner.GetProperty(name))
            .GetRawText().Should().Be(value);
    }

    [Fact]
    public async Task Money_is_altered_only_where_the_answer_says_completed()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await ScriptAsync(sandbox, """
            {"fault":"edit","replace":{"destination.amountNet":"-117.70","rates":[]},
             "match":{"method":"GET","path":"/cash-ins/*","where":{"status":"completed"}}}
            """);
        var cashIn = await sandbox.CashInAsync();
        await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
        var path = $"/cash-ins/{cashIn.Text("id")}";

        (await sandbox.GetAsync(path)).Text("destination.amountNet").Should().Be("117.70");
        await sandbox.SettleAsync();
        var altered = await sandbox.GetAsync(path);

        (altered.Text("destination.amountNet"), altered.At("rates").ValueKind).Should().Be(("-117.70", JsonValueKind.Array));
        (await sandbox.GetAsync(path)).Text("destination.amountNet").Should().Be("117.70", "the fault is used up");
    }

    [Fact]
    public async Task An_edit_is_not_used_up_by_an_answer_without_its_members()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var customer = await sandbox.CustomerAsync();
        await ScriptAsync(sandbox, """{"fault":"edit","replace":{"firstName":"Eve","never":1},"match":{"path":"/customers/*"}}""");

        using var unknown = await sandbox.Http.GetAsync("/v0.9/customers/cst_unknown");
        var edited = await sandbox.GetAsync($"/customers/{customer.Text("id")}");

        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
        edited.Text("firstName").Should().Be("Eve");
    }

    [Fact]
    public async Task Bytes_and_headers_are_garbled()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var headers = new Dictionary<string, string> { ["Content-Type"] = "", ["Retry-After"] = "soon" };
        await sandbox.SimAsync("/faults", new object[]
        {
            new { fault = "garble", bom = true, contentType = "text/plain" },
            new { fault = "garble", truncate = 5, headers, skip = 1 },
        });

        using var marked = await sandbox.Http.GetAsync("/v0.9/customers");
        using var cut = await sandbox.Http.GetAsync("/v0.9/customers");

        (await marked.Content.ReadAsByteArrayAsync()).Should().StartWith([0xEF, 0xBB, 0xBF, (byte)'{']);
        marked.Content.Headers.ContentType!.ToString().Should().Be("text/plain");
        (await cut.Content.ReadAsStringAsync()).Should().Be("{\"dat");
        cut.Content.Headers.ContentType.Should().BeNull();
        cut.Headers.GetValues("Retry-After").Should().Equal("soon");
    }

    [Fact]
    public async Task A_wait_can_be_long_and_can_be_a_date()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new object[]
        {
            new { fault = "status", status = 429, retryAfter = 3600 },
            new { fault = "status", status = 429, retryAfter = "PT2H", retryAfterAsDate = true },
        });

        using var seconds = await sandbox.Http.GetAsync("/v0.9/customers");
        using var date = await sandbox.Http.GetAsync("/v0.9/customers");

        seconds.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromHours(1));
        (await seconds.JsonAsync()).Text("code").Should().Be("rate_limited");
        date.Headers.RetryAfter!.Date.Should().Be(sandbox.Time.GetUtcNow().AddHours(2));
    }

    [Fact]
    public async Task A_refusal_of_OMS_can_be_edited_like_any_answer()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await ScriptAsync(sandbox, """{"fault":"edit","replace":{"details.0.issue":"Caf\ud83d"},"match":{"path":"/cash-ins"}}""");

        using var refused = await sandbox.TryPostAsync("/cash-ins", new { });

        refused.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).Should().Contain("\"issue\":\"Caf\\ud83d\"").And.Contain("validation_error");
    }

    private static async Task<int> CustomersAsync(SandboxHost sandbox)
        => (await sandbox.GetAsync("/customers")).At("data").GetArrayLength();

    private static Task<HttpResponseMessage> ScriptAsync(SandboxHost sandbox, string fault)
        => sandbox.Http.PostAsync("/_sim/faults", new StringContent(fault));
}
