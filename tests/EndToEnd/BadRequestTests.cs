using System.Net;
using System.Net.Http.Json;
using System.Text;
using OmsWorkflows.Local.AppHost.Demo;

namespace OmsWorkflows.EndToEnd;

/// <summary>Each wrong request gets a problem answer (RFC 9457) that says what to do.</summary>
[Collection(UsualMachine.Name)]
public sealed class BadRequestTests(UsualMachine ground)
{
    [Fact]
    public async Task Start_FieldsMissing_NamesEach()
    {
        var body = Story.CashIn("user-bad");
        body.Remove("location");
        body["applicant"]?.AsObject().Remove("lastName");

        var problem = await ProblemAsync(HttpStatusCode.BadRequest, Post("/api/cash-ins", JsonContent.Create(body), key: "e2e-missing"));

        problem.Errors.Keys.Should().BeEquivalentTo("applicant.lastName", "location");
    }

    [Fact]
    public async Task Start_WithoutIdempotencyKey_SaysSo()
    {
        var problem = await ProblemAsync(
            HttpStatusCode.BadRequest, Post("/api/cash-ins", JsonContent.Create(Story.CashIn("user-bad")), key: null));

        problem.Detail.Should().Contain("Idempotency-Key");
    }

    [Fact]
    public async Task Start_WrongFunctionKey_Is401WithoutBodyAsInAzure()
    {
        var request = Post("/api/cash-ins", JsonContent.Create(Story.CashIn("user-bad")), key: "e2e-wrong-key");
        request.Headers.Add("x-functions-key", "wrong");
        using var http = new HttpClient { BaseAddress = new Uri(ground.Machine.App.Url) };

        using var response = await http.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("{\"applicant\": ")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Start_NotAJsonObject_Is400(string body)
        => await ProblemAsync(
            HttpStatusCode.BadRequest,
            Post("/api/cash-ins", new StringContent(body, Encoding.UTF8, "application/json"), key: "e2e-malformed"));

    [Theory]
    [InlineData("/api/cash-ins")]
    [InlineData("/api/webhooks/oms")]
    public async Task Post_ThreeHundredKilobytes_Is413(string path)
    {
        var body = new StringContent($"{{\"x\":\"{new string('x', 300 * 1024)}\"}}", Encoding.UTF8, "application/json");
        await ProblemAsync(HttpStatusCode.RequestEntityTooLarge, Post(path, body, key: "e2e-large"));
    }

    [Theory]
    [InlineData("GET", "/api/cash-ins/ci-unknown")]
    [InlineData("POST", "/api/cash-ins/ci-unknown/refresh")]
    [InlineData("POST", "/api/cash-ins/ci-unknown/cancel")]
    [InlineData("GET", "/api/onboardings/onb-unknown")]
    public async Task Any_UnknownId_Is404(string method, string path)
        => await ProblemAsync(HttpStatusCode.NotFound, new HttpRequestMessage(new HttpMethod(method), path));

    [Fact]
    public async Task Webhook_BadSignature_Is401()
    {
        var body = new StringContent("""{"id":"whd_1","event":"webhook.test","data":{}}""", Encoding.UTF8, "application/json");
        var request = Post("/api/webhooks/oms", body, key: null);
        request.Headers.Add("Webhook-Signature", $"t={DateTimeOffset.UtcNow.ToUnixTimeSeconds()},v1={new string('0', 64)}");

        await ProblemAsync(HttpStatusCode.Unauthorized, request, withKey: false);
    }

    [Fact]
    public async Task Refresh_AfterTheEnd_Is409()
    {
        await ground.Sandbox.RejectAsync("user-refresh-after-end");
        var id = await ground.StartCashInAsync("user-refresh-after-end");
        await ground.UntilPhaseAsync(id, "Rejected");

        await ProblemAsync(HttpStatusCode.Conflict, new HttpRequestMessage(HttpMethod.Post, $"/api/cash-ins/{id}/refresh"));
    }

    private static HttpRequestMessage Post(string path, HttpContent content, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private async Task<ProblemView> ProblemAsync(HttpStatusCode status, HttpRequestMessage request, bool withKey = true)
    {
        using var http = new HttpClient { BaseAddress = new Uri(ground.Machine.App.Url) };
        if (withKey)
            http.DefaultRequestHeaders.Add("x-functions-key", ground.Machine.App.FunctionKey);
        using (request)
        {
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.Should().Be(status, text);
            response.Content.Headers.ContentType?.MediaType.Should().Be("application/problem+json");
            var problem = await ProblemView.ReadAsync(response);
            problem.Title.Should().NotBeEmpty();
            if (problem.Errors.Count == 0)
                problem.Detail.Should().NotBeNullOrEmpty("a problem says what to do: {0}", text);
            return problem;
        }
    }
}
