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
    [InlineData("""{"customerId":"cst_1","location":{"id":"l","reference":"r"},"indicatedAmount":"20.0000000000000000000000000001"}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"l","reference":"r"},"indicatedAmount":20.000000000000000000000000000001}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"loc_1","reference":"r","limits":{}},"indicatedAmount":"0"}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"loc_1","reference":"r","limits":{"minimum":"-9"}},"indicatedAmount":"-5"}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"loc_1","reference":"r"},"indicatedAmount":1e400}""")]
    [InlineData("""{"customerId":"cst_","location":{"id":"loc_1","reference":"r"}}""")]
    [InlineData("""{"customerId":"cst_1","walletId":"wlt_","location":{"id":"loc_1","reference":"r"}}""")]
    [InlineData("""{"\ud83d":1}""")]
    [InlineData("""{"\ud83d":1,"\ud83d":2}""")]
    [InlineData("""{"customerId":"cst_1","location":{"\udc00":"loc_1","reference":"r"}}""")]
    [InlineData("""{"customerId":"cst_1","location":{"id":"loc_1","reference":"r","opening":{"at":"\ud83d"}}}""")]
    [InlineData("""{"customerId":"cst_1",}""")]
    [InlineData("""{"customerId":"cst_1"/* a comment */}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_body_that_cannot_be_meant_is_400(string body) => (await ReadAsync(body)).Status.Should().Be(400);

    [Fact]
    public async Task Names_that_are_no_UTF8_are_400()
    {
        byte[] body = [.. "{\""u8, 0xC3, 0x28, .. "\":1,\"customerId\":\"cst_1\"}"u8];

        var asked = await Asked.AskAsync(
            "", request => ServeAsync(request, body, "application/json", new StartCashInValidator(Clock)));

        asked.Status.Should().Be(400);
    }

    [Fact]
    public async Task A_byte_order_mark_and_whole_pairs_are_read()
    {
        const string Body = """{"customerId":"cst_1","location":{"id":"loc_1","reference":"r","name":"\ud83d\ude00 \\ud83d"}}""";

        (await ReadAsync($"\uFEFF{Body}")).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("cpUsBank_")]
    [InlineData("pmCard_")]
    [InlineData("cp_")]
    [InlineData("cpUsBank_1_")]
    public async Task An_account_without_its_own_part_is_none(string account)
    {
        var body = $$"""{"customerId":"cst_1","walletId":"wlt_1","externalAccountId":"{{account}}","send":"5"}""";

        var asked = await Asked.AskAsync("", request => ServeAsync(request, body, "application/json", new StartPayoutValidator()));

        asked.Errors.Should().Equal("externalAccountId");
    }

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

    private static Task<IResult> ServeAsync<T>(
        HttpRequest request, string body, string contentType, FluentValidation.IValidator<T> validator)
        where T : class
        => ServeAsync(request, Encoding.UTF8.GetBytes(body), contentType, validator);

    private static async Task<IResult> ServeAsync<T>(
        HttpRequest request, byte[] body, string contentType, FluentValidation.IValidator<T> validator)
        where T : class
    {
        request.Method = HttpMethods.Post;
        request.ContentType = contentType;
        request.Body = new MemoryStream(body);
        var read = await RequestBody.ReadAsync(request, validator, CancellationToken.None);
        return read.IsValid ? Results.Json(new JsonObject()) : read.Problem;
    }
}
