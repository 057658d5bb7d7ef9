using System.Net;
using System.Text.Json;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Journeys;

public sealed class OmsAnswerTests
{
    private static readonly OmsSilence Silence = new(
        OmsCause.RateLimited, TimeSpan.FromHours(1), "POST /customers/{id}/wallets", 429, "req_1");
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
        var refused = new OmsRefusedException("OMS said no.", HttpStatusCode.UnprocessableEntity)
        {
            Route = Silence.Route,
            Code = "limit_exceeded",
            Fields = ["source.amount"],
        };

        var answer = await OmsAnswer.AskAsync<WalletState>(() => throw refused);

        answer.IsRefused.Should().BeTrue();
        answer.Refusal!.Code.Should().Be("limit_exceeded");
        answer.Refusal.Fields.Should().Equal("source.amount");
    }

    [Fact]
    public async Task That_OMS_does_not_answer_is_a_result_for_the_journey_to_wait_on()
    {
        var answer = await OmsAnswer.AskAsync<WalletState>(() => throw OmsOutcome.NoAnswer(Silence));

        answer.HasValue.Should().BeFalse();
        answer.Silence.Should().Be(Silence);
    }

    [Fact]
    public async Task A_fault_of_the_apps_own_is_thrown()
    {
        var ask = () => OmsAnswer.AskAsync<WalletState>(() => throw new InvalidOperationException("A fault."));

        await ask.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public void An_answer_survives_the_history()
    {
        OmsAnswer<WalletState> given = Wallet;
        OmsAnswer<WalletState> refused = new Refusal("limit_exceeded", 422, ["source.amount"], "req_1");

        var silent = new OmsAnswer<WalletState>(null, null, Silence);

        Again(given).Should().Be(given);
        Again(silent).Should().Be(silent);
        Again(refused).Should().BeEquivalentTo(refused);
    }

    private static OmsAnswer<WalletState> Again(OmsAnswer<WalletState> answer)
        => JsonSerializer.Deserialize<OmsAnswer<WalletState>>(JsonSerializer.Serialize(answer))!;
}
