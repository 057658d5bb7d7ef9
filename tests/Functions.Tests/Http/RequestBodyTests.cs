using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.CashIns;
using OmsWorkflows.Http;
using OmsWorkflows.Payouts;

namespace OmsWorkflows.Functions.Tests.Http;

public sealed class RequestBodyTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 6, 10, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("""{"customerId":"cst_1","customerId":"cst_2","location":{"id":"loc_1","reference":"r"}}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"loc_1","id":"loc_2","reference":"r"}}""")]
    [InlineData("""{"customerId":"cst_1","CustomerId":"cst_2","location":{"id":"loc_1","reference":"r"}}""")]
    [InlineData("""{"customerId":"cst_\ud83d","location":{"id":"loc_1","reference":"r"}}""")]
    [InlineData("""{"customerId":{"id":"cst_1"}}""")]
    [InlineData("""{"customer":"cst_1"}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"loc\n1","reference":"r"}}""")]
    [InlineData("""{"customerId":"cst_1","location":{"provider":"green dot","latitude":40.7,"longitude":-73.9}}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"loc_1","reference":"r"},"indicatedAmount":"1e2"}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"loc_1","reference":"r"},"indicatedAmount":"100.001"}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"loc_1","reference":"r"},"indicatedAmount":"19.99"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_body_that_cannot_be_meant_is_400(string body) => (await ReadAsync(body)).Status.Should().Be(400);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=UTF8")]
    [InlineData("application/problem+json")]
    public async Task Json_is_read_under_each_of_its_names(string contentType)
        => (await ReadAsync(
            """{"customerId":"cst_1","location":{"id":"loc_1","reference":"r"},"indicatedAmount":"100.000"}""", contentType))
            .Status.Should().Be(200);

    [Theory]
    [InlineData("send", "0", "at most 1000000")]
    [InlineData("send", "0.0000001", "six decimals")]
    [InlineData("send", "9999999999999", "at most 1000000")]
    [InlineData("receive", "0.001", "two decimals")]
    public async Task An_amount_is_told_whether_it_is_too_large_or_too_fine(string field, string amount, string issue)
    {
        var body = $$"""{"customerId":"cst_1","walletId":"wlt_1","externalAccountId":"cpUsBank_1","{{field}}":"{{amount}}"}""";

        var asked = await Asked.AskAsync("", request => ServeAsync(request, body, "application/json", new StartPayoutValidator()));

        asked.Errors.Should().Contain(field);
        asked.Body["errors"]![field]!.ToJsonString().Should().Contain(issue);
    }

    private static Task<Asked> ReadAsync(string body, string contentType = "application/json")
        => Asked.AskAsync("", request => ServeAsync(request, body, contentType, new StartCashInValidator(Clock)));

    private static async Task<IResult> ServeAsync<T>(
        HttpRequest request, string body, string contentType, FluentValidation.IValidator<T> validator)
        where T : class
    {
        request.Method = HttpMethods.Post;
        request.ContentType = contentType;
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        var read = await RequestBody.ReadAsync(request, validator, CancellationToken.None);
        return read.IsValid ? Results.Json(new JsonObject()) : read.Problem;
    }
}
