using System.Net;
using System.Text.Json;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Journeys;

public sealed class OmsAnswerTests
{
    private static readonly WalletState Wallet = new("wlt_1", "0x1", "usdc", "polygon");

    [Fact]
    public async Task What_OMS_gives_is_the_answer()
    {
        var answer = await OmsAnswer.AskAsync<WalletState>(async () => await Task.FromResult(Wallet));

        answer.HasValue.Should().BeTrue();
        answer.Value.Should().Be(Wallet);
    }

    [Fact]
    public async Task What_OMS_refuses_is_an_answer_too()
    {
        var answer = await OmsAnswer.AskAsync<WalletState>(() => throw Failure(HttpStatusCode.UnprocessableEntity));

        answer.HasValue.Should().BeFalse();
        answer.Refusal!.Code.Should().Be("limit_exceeded");
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, false, false)]
    [InlineData(HttpStatusCode.ServiceUnavailable, false, false)]
    [InlineData(HttpStatusCode.TooManyRequests, true, false)]
    [InlineData(HttpStatusCode.Conflict, false, true)]
    public async Task What_says_nothing_about_the_matter_is_thrown(HttpStatusCode status, bool retryable, bool ambiguous)
    {
        var ask = () => OmsAnswer.AskAsync<WalletState>(() => throw Failure(status, retryable, ambiguous));

        await ask.Should().ThrowAsync<OmsException>();
    }

    [Fact]
    public void An_answer_survives_the_history()
    {
        OmsAnswer<WalletState> given = Wallet;
        OmsAnswer<WalletState> refused = new Refusal("limit_exceeded", 422, ["source.amount"], "req_1");

        Again(given).Should().Be(given);
        Again(refused).Should().BeEquivalentTo(refused);
    }

    private static OmsAnswer<WalletState> Again(OmsAnswer<WalletState> answer)
        => JsonSerializer.Deserialize<OmsAnswer<WalletState>>(JsonSerializer.Serialize(answer))!;

    private static OmsException Failure(HttpStatusCode status, bool retryable = false, bool ambiguous = false)
        => new("OMS said no.") { StatusCode = status, Code = "limit_exceeded", IsRetryable = retryable, IsAmbiguous = ambiguous };
}
